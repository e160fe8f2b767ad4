import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '../errors/api.error.js';
import { onUpgrade } from './on-upgrade.js';
import { refuseUpgrade, refuseUpgradeWith } from './refuse-upgrade.js';

describe('upgrades of one server that several services take', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const answering = (path: string, status: number) =>
    onUpgrade(server, ({ url }, socket) => {
      if (url !== path) return false;
      refuseUpgrade(socket, status);
      return true;
    });

  async function upgrade(path: string): Promise<IncomingMessage & { text: string }> {
    const { port } = server.address() as AddressInfo;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
      request({ port, path, headers }).on('response', resolve).on('error', reject).end();
    });
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return Object.assign(answer, { text });
  }

  it('go to the one that takes them, and what nobody takes is refused with 404', async () => {
    answering('/one', 400);
    answering('/two', 403);
    expect((await upgrade('/one')).statusCode).toBe(400);
    expect((await upgrade('/two')).statusCode).toBe(403);
    expect((await upgrade('/three')).statusCode).toBe(404);
  });

  it('can be refused in the words and headers of an API error', async () => {
    onUpgrade(server, (_request, socket) => {
      const headers = { 'www-authenticate': 'Bearer' };
      refuseUpgradeWith(socket, new ApiError('invalid_api_key', 'No API key was sent.', { headers }));
      return true;
    });
    const answer = await upgrade('/');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: 'invalid_api_key', message: 'No API key was sent.' },
    });
  });
});
