import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { startHttp } from '../testing/index.js';

/** A route that answers when the test lets it. */
function aSlowRoute() {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  @Controller('slow')
  class SlowController {
    @Get()
    async wait() {
      arrived.resolve();
      await gate.promise;
      return { answered: true };
    }

    @Get('fast')
    fast() {
      return { answered: true };
    }
  }
  return { controller: SlowController, arrived: arrived.promise, answer: gate.resolve };
}

/** A request on a connection that its client would keep open for ever. */
function askAndKeep(url: string, agent: Agent): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    }).on('error', reject);
  });
}

/** Resolves once new connections are refused. */
async function noLongerListening(url: string): Promise<void> {
  for (let listening = true; listening;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    listening = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
  }
}

describe('closing the server', () => {
  it('answers the request in flight, and waits for nobody who only keeps a connection open', async () => {
    const { controller, arrived, answer } = aSlowRoute();
    const http = await startHttp({ controllers: [controller] });
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    await askAndKeep(`${http.url}/slow/fast`, agent);
    const inFlight = askAndKeep(`${http.url}/slow`, agent);
    await arrived;
    const closed = http.close();
    await noLongerListening(http.url);
    answer();
    expect(await inFlight).toEqual({ status: 200, body: '{"answered":true}' });
    await closed;
    agent.destroy();
  }, 5_000);

  it('does not wait for a connection on which nothing has come', async () => {
    const http = await startHttp({ controllers: [aSlowRoute().controller] });
    const silent = connect(Number(new URL(http.url).port), '127.0.0.1');
    await once(silent, 'connect');
    // An answer on a later connection: the server knows of the first one by then.
    const agent = new Agent();
    await askAndKeep(`${http.url}/slow/fast`, agent);
    const gone = once(silent.resume(), 'close');
    await http.close();
    await gone;
  }, 5_000);
});
