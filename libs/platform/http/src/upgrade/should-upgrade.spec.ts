import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { request, type IncomingMessage, type Server } from 'node:http';
import { startHttp, type HttpHarness } from '../testing/http.harness.js';
import { onUpgrade } from './on-upgrade.js';
import { refuseUpgrade } from './refuse-upgrade.js';

@Controller('things')
class ThingsController {
  constructor(adapters: HttpAdapterHost) {
    onUpgrade(adapters.httpAdapter.getHttpServer() as Server, (_request, socket) => {
      refuseUpgrade(socket, 418);
      return true;
    });
  }

  @Post()
  create(@Body() thing: unknown): unknown {
    return thing;
  }
}

@Controller('things')
class ThingsWithoutSocketsController {
  @Post()
  create(@Body() thing: unknown): unknown {
    return thing;
  }
}

describe('a request that asks for an upgrade', () => {
  let http: HttpHarness;
  let withoutSockets: HttpHarness;
  beforeAll(async () => {
    http = await startHttp({ controllers: [ThingsController] });
    withoutSockets = await startHttp({ controllers: [ThingsWithoutSocketsController] });
  });
  afterAll(() => Promise.all([http.close(), withoutSockets.close()]));

  async function post(url: string, headers: Record<string, string>): Promise<{ status?: number; text: string }> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(`${url}/things`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      sent.on('response', resolve).on('error', reject).end('{"title":"one"}');
    });
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode ?? 0, text };
  }
  /** As Java's HttpClient sends all of its requests without TLS. */
  const toHttp2 = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAA' };
  const toWebSocket = { connection: 'Upgrade', upgrade: 'WebSocket' };

  it('to HTTP/2 is answered in HTTP/1.1, as it may be, also where sockets are served', async () => {
    expect(await post(http.url, toHttp2)).toEqual({ status: 201, text: '{"title":"one"}' });
    expect(await post(withoutSockets.url, toHttp2)).toEqual({ status: 201, text: '{"title":"one"}' });
  });

  it('to a WebSocket is taken by those who serve sockets, and is a plain request where nobody does', async () => {
    expect(await post(http.url, toWebSocket)).toMatchObject({ status: 418 });
    expect(await post(withoutSockets.url, toWebSocket)).toMatchObject({ status: 201 });
  });
});
