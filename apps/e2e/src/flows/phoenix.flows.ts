import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { LongPoll, Socket } from 'phoenix';
import { LongPoll as LongPoll183, Socket as Socket183 } from 'phoenix-1.8.3';
import { testsOn, type Stage, type Test } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import type { AsyncReply } from '../support/wire.js';
import { createWorkflows, timeScale, workflows } from '../support/workflows.js';

/** The real clients, by each way that they have to the hub. */
const clients = {
  'phoenix.js 1.8.3 on a WebSocket': { Socket: Socket183, transport: undefined },
  'phoenix.js 1.8.3 over long polls': { Socket: Socket183, transport: LongPoll183 },
  'phoenix.js 1.8.16 on a WebSocket': { Socket, transport: undefined },
  'phoenix.js 1.8.16 over long polls': { Socket, transport: LongPoll },
} as const;
const names = Object.keys(clients) as (keyof typeof clients)[];

const startLimitMs = 90_000;

interface Followed {
  readonly socket: Socket;
  readonly statuses: string[];
  readonly closes: number[];
  text: string;
  ended: boolean;
}

function follow(name: keyof typeof clients, stage: Stage, reply: AsyncReply): Followed {
  const { Socket: Client, transport = WebSocket } = clients[name];
  const socket = new Client(reply.websocket_url, { params: { token: reply.ws_token }, transport });
  const followed: Followed = { socket, statuses: [], closes: [], text: '', ended: false };
  const channel = socket.channel(reply.websocket_channel);
  channel.on('response', (payload) => followed.statuses.push((payload as { status: string }).status));
  channel.on('tokens', (payload) => {
    const { data, index } = payload as { data: string; index: number };
    followed.text = index === 0 ? data : followed.text + data;
  });
  channel.onClose(() => (followed.ended = true));
  socket.onClose(({ code }) => followed.closes.push(code));
  stage.atEnd(() => socket.disconnect());
  socket.connect();
  channel.join();
  return followed;
}

const hasEnded = (followed: Followed) => waitFor(() => followed.ended, { what: 'the channel ends', timeoutMs: 30_000 });

/** What the real Phoenix clients get of a system of its own, with its hub taken away in between. */
export function describePhoenixFlows(mode: Mode): void {
  describe(`Phoenix clients of a system in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);
    phoenixFlows(testsOn(() => system));
  });
}

function phoenixFlows(test: Test): void {
  test.each(names)('%s sees the answer grow, its end, and stays connected', async (name, stage) => {
    const metadata = { chunks: 10, chunk_delay_ms: 40 };
    const reply = await stage.api.ask({ workflow: 'demo', stream: true, metadata });
    const followed = follow(name, stage, reply);
    await hasEnded(followed);
    expect(followed).toMatchObject({ statuses: ['success'], closes: [] });
    expect(followed.text.length).toBeGreaterThan(0);
    expect(followed.socket.isConnected()).toBe(true);
  });

  test.each(names)('%s comes back after a restart of the hub and misses nothing', async (name, stage) => {
    const backend = await stage.backend();
    const reply = await stage.api.ask({ workflow: workflows.eventDriven });
    const followed = follow(name, stage, reply);
    await waitFor(() => followed.statuses.includes('ai_generated'), { what: 'the first state', timeoutMs: 20_000 });
    await stage.system.kill('realtime-hub', 'SIGTERM');
    await stage.system.start();
    await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
    await hasEnded(followed);
    expect(followed.statuses.at(-1)).toBe('completed');
    expect(followed.closes[0]).toBe(name.endsWith('WebSocket') ? 1012 : 1011);
  });
}
