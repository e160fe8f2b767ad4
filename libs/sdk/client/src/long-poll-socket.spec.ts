import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LongPollSocket } from './long-poll-socket.js';

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
  answer(body: unknown): void;
  readonly response: ServerResponse;
}

const asked: Asked[] = [];
let waiting: (() => void) | undefined;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = (body: unknown): void => void response.end(typeof body === 'string' ? body : JSON.stringify(body));
    asked.push({ request, response, body: Buffer.concat(chunks).toString(), answer });
    waiting?.();
  });
});
let sockets: LongPollSocket[];
beforeEach(async () => {
  asked.length = 0;
  sockets = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  jest.restoreAllMocks();
});

/** The next request of this method. */
async function next(method: 'GET' | 'POST'): Promise<Asked> {
  for (;;) {
    const at = asked.findIndex(({ request }) => request.method === method);
    if (at >= 0) return asked.splice(at, 1)[0] as Asked;
    await new Promise<void>((resolve) => (waiting = resolve));
  }
}

/** Opens one; `told` is what it told, and `until` waits for something of it. */
function open() {
  const { port } = server.address() as AddressInfo;
  const socket = new LongPollSocket(`ws://127.0.0.1:${port}/socket/websocket?token=t%20t&vsn=2.0.0`);
  sockets.push(socket);
  const told: string[] = [];
  let heard: (() => void) | undefined;
  for (const type of ['open', 'message', 'close'] as const) {
    socket.addEventListener(type, ({ data, code }) => {
      told.push([type, ...(typeof data === 'string' ? [data] : []), ...(code === undefined ? [] : [code])].join(' '));
      heard?.();
    });
  }
  const until = async (what: string): Promise<void> => {
    while (!told.includes(what)) await new Promise<void>((resolve) => (heard = resolve));
  };
  return { socket, told, until };
}

async function opened() {
  const started = open();
  (await next('GET')).answer({ status: 410, token: 'a/b', messages: [] });
  await started.until('open');
  return started;
}

describe('a socket made of requests', () => {
  it('opens a session, and names it in all that follows', async () => {
    const { told, until } = open();
    const first = await next('GET');
    expect(first.request.url).toBe('/socket/longpoll?token=t%20t&vsn=2.0.0');
    first.answer({ status: 410, token: 'a/b', messages: [] });
    const poll = await next('GET');
    expect(poll.request.url).toBe('/socket/longpoll?token=t%20t&vsn=2.0.0&token=a%2Fb');
    poll.answer({ status: 200, token: 'a/b', messages: ['one', 'two'] });
    (await next('GET')).answer({ status: 204, token: 'a/b', messages: [] });
    (await next('GET')).answer({ status: 200, messages: ['three'] });
    await until('message three');
    expect(told).toEqual(['open', 'message one', 'message two', 'message three']);
  });

  it('sends frames one after the other', async () => {
    const { socket } = await opened();
    socket.send('[1]');
    socket.send('[2]');
    const first = await next('POST');
    expect([first.body, first.request.url]).toEqual(['[1]', '/socket/longpoll?token=t%20t&vsn=2.0.0&token=a%2Fb']);
    expect(asked.filter(({ request }) => request.method === 'POST')).toEqual([]);
    first.answer({ status: 200 });
    expect((await next('POST')).body).toBe('[2]');
  });

  it('sends what browsers send to other origins without asking them first', async () => {
    const { socket } = await opened();
    socket.send('[1]');
    const { headers } = (await next('POST')).request;
    expect(headers['content-type']).toBe('text/plain;charset=UTF-8');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it.each([
    ['a restart', { status: 500 }, 'close 1012'],
    ['the end of its session', { status: 410, token: 'another' }, 'close 410'],
    ['a refusal', { status: 403 }, 'close 403'],
    ['what is no answer', '<html>A portal that wants a login</html>', 'close'],
    ['nothing that could be one', 'null', 'close'],
  ])('closes once at %s', async (_what, answer, close) => {
    const { told, until } = await opened();
    (await next('GET')).answer(answer);
    await until(close);
    expect(told).toEqual(['open', close]);
  });

  it('closes once when the network fails it, with all that it had to say', async () => {
    const { socket, told, until } = await opened();
    socket.send('[1]');
    socket.send('[2]');
    (await next('POST')).response.destroy();
    await until('close');
    expect(told).toEqual(['open', 'close']);
    expect(asked.filter(({ request }) => request.method === 'POST')).toEqual([]);
  });

  it('closes when the server does not take a frame', async () => {
    const { socket, told, until } = await opened();
    socket.send('no frame');
    (await next('POST')).answer({ status: 400 });
    await until('close 400');
    expect(told).toEqual(['open', 'close 400']);
  });

  it('tells nothing more of an answer in the midst of which it was closed, and asks no more', async () => {
    const { socket, told, until } = await opened();
    socket.addEventListener('message', () => socket.close());
    const asks = jest.spyOn(globalThis, 'fetch');
    const poll = await next('GET');
    const before = asks.mock.calls.length;
    poll.answer({ status: 200, messages: ['one', 'two'] });
    await until('message one');
    socket.send('[1]');
    const other = await opened();
    expect(told).toEqual(['open', 'message one']);
    // The two requests are those of the other one.
    expect(asks.mock.calls.length - before).toBe(2);
    expect(other.told).toEqual(['open']);
  });

  it('does not ask without a pause when it is answered at once, over and over', async () => {
    const pauses = jest.spyOn(globalThis, 'setTimeout');
    await opened();
    const pausesOf = (): number => pauses.mock.calls.filter(([, milliseconds]) => milliseconds === 100).length;
    expect(pausesOf()).toBe(0);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    for (let times = 1; times <= 2; times += 1) {
      (await next('GET')).answer({ status: 204 });
      await next('GET').then(({ answer }) => answer({ status: 200, messages: ['news'] }));
      expect(pausesOf()).toBe(times);
    }
  });
});
