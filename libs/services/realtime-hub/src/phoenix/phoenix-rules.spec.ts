import { afterEach, describe, expect, it } from '@jest/globals';
import { GoldenChannels } from '../testing/golden-channels.js';
import { PhoenixMounts, wideLimits, type Mount } from '../testing/phoenix-mounts.js';
import { RawClient } from '../testing/raw-client.js';
import type { JoinOutcome } from './channel-handler.port.js';
import { SharedFrame } from './shared-frame.js';
import type { Subscription } from './subscription.js';

/** Rules of Phoenix channels that the recorded transcript says nothing of. */
let mounts: PhoenixMounts;
const clients: RawClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.drop());
  await mounts.stop();
});

async function start(options: Mount = {}, vsn = '2.0.0'): Promise<RawClient> {
  const channels = new GoldenChannels();
  mounts = await PhoenixMounts.start({ channelFor: () => channels, ...options });
  const client = await RawClient.connect(mounts.url(`/socket/websocket?vsn=${vsn}`));
  clients.push(client);
  return client;
}

const ok = { status: 'ok', response: {} };
const crash = { reason: 'channel_crash' };

/** What the server says to some frames, up to its answer to a heartbeat behind them. */
async function answersTo(client: RawClient, ...frames: unknown[]): Promise<unknown[]> {
  for (const frame of frames) client.send(frame);
  client.send([null, 'last', 'phoenix', 'heartbeat', {}]);
  const answers: unknown[] = [];
  for (;;) {
    const answer = await client.frame();
    if (JSON.stringify(answer).includes('"last"')) return answers;
    answers.push(answer);
  }
}

/** The same in version 1. */
async function answersToVersionOne(client: RawClient, ...frames: object[]): Promise<unknown[]> {
  for (const frame of frames) client.send({ topic: 'ai:t', payload: {}, ...frame });
  client.send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: 'last' });
  const answers: unknown[] = [];
  for (;;) {
    const answer = (await client.frame()) as { readonly ref: unknown };
    if (answer.ref === 'last') return answers;
    answers.push(answer);
  }
}

describe('refs', () => {
  it('are compared strictly: a number is not its text', async () => {
    const client = await start();
    const answers = await answersTo(
      client,
      [1, 1, 'ai:t', 'phx_join', {}],
      ['1', 2, 'ai:t', 'echo', {}],
      ['1', 3, 'ai:t', 'phx_leave', {}],
      [1, 4, 'ai:t', 'phx_leave', {}],
    );
    expect(answers).toEqual([
      [1, 1, 'ai:t', 'phx_reply', ok],
      [1, 4, 'ai:t', 'phx_reply', ok],
      [1, 1, 'ai:t', 'phx_close', {}],
    ]);
  });

  it('stand for a join_ref that a join lacks, also in what is pushed', async () => {
    const client = await start();
    const answers = await answersTo(client, [null, '8', 'ai:t', 'phx_join', {}], [null, '9', 'ai:t', 'push_me', {}]);
    expect(answers).toEqual([
      [null, '8', 'ai:t', 'phx_reply', ok],
      ['8', null, 'ai:t', 'pushed', {}],
    ]);
  });

  it('may be missing in a leave', async () => {
    const client = await start();
    const answers = await answersTo(client, ['1', '1', 'ai:t', 'phx_join', {}], [null, null, 'ai:t', 'phx_leave', {}]);
    expect(answers.slice(1)).toEqual([
      ['1', null, 'ai:t', 'phx_reply', ok],
      ['1', '1', 'ai:t', 'phx_close', {}],
    ]);
  });
});

describe('a join_ref in version 1', () => {
  const join = { event: 'phx_join', ref: '1', join_ref: '7' };
  const reply = (ref: string) => ({ topic: 'ai:t', event: 'phx_reply', ref, payload: ok });

  it('is heeded, and never told but as ref of an end', async () => {
    const client = await start({}, '1.0.0');
    const answers = await answersToVersionOne(
      client,
      join,
      { event: 'echo', ref: '2', join_ref: '6' },
      { event: 'echo', ref: '3', join_ref: '7' },
      { event: 'phx_leave', ref: '4', join_ref: '6' },
      { event: 'push_me', ref: '5', join_ref: '7' },
      { event: 'stop', ref: '6', join_ref: '7' },
    );
    expect(answers).toEqual([
      reply('1'),
      reply('3'),
      { topic: 'ai:t', event: 'pushed', ref: null, payload: {} },
      { ...reply('6'), payload: { status: 'ok', response: { bye: true } } },
      { topic: 'ai:t', event: 'phx_close', ref: '7', payload: {} },
    ]);
  });

  it('is the ref of a crash, too', async () => {
    const client = await start({}, '1.0.0');
    const answers = await answersToVersionOne(client, join, { event: 'boom', ref: '2', join_ref: '7' });
    expect(answers).toEqual([reply('1'), { topic: 'ai:t', event: 'phx_error', ref: '7', payload: crash }]);
  });
});

describe('a second join of a topic', () => {
  it('that is refused ends the first one all the same', async () => {
    class Once extends GoldenChannels {
      private joins = 0;
      override join(): JoinOutcome {
        this.joins += 1;
        return this.joins === 1 ? { status: 'ok' } : { status: 'error', response: { reason: 'once only' } };
      }
    }
    const once = new Once();
    const client = await start({ channelFor: () => once });
    const join = (ref: string): unknown => [ref, ref, 'ai:t', 'phx_join', {}];
    expect(await answersTo(client, join('1'), join('2'), ['2', '3', 'ai:t', 'echo', {}])).toEqual([
      ['1', '1', 'ai:t', 'phx_reply', ok],
      ['2', '2', 'ai:t', 'phx_reply', { status: 'error', response: { reason: 'once only' } }],
      ['1', '1', 'ai:t', 'phx_close', {}],
      [null, '3', 'ai:t', 'phx_reply', { status: 'error', response: { reason: 'unmatched topic' } }],
    ]);
  });

  it('is possible with as many channels as a socket may have, and a leave makes room for another', async () => {
    const client = await start({ limits: { ...wideLimits, maxChannels: 2 } });
    const full = { status: 'error', response: { reason: 'too many channels joined' } };
    const answers = await answersTo(
      client,
      ['1', '1', 'ai:a', 'phx_join', {}],
      ['2', '2', 'ai:b', 'phx_join', {}],
      ['3', '3', 'ai:b', 'phx_join', {}],
      ['4', '4', 'ai:c', 'phx_join', {}],
      ['1', '5', 'ai:a', 'phx_leave', {}],
      ['6', '6', 'ai:c', 'phx_join', {}],
    );
    expect(answers).toEqual([
      ['1', '1', 'ai:a', 'phx_reply', ok],
      ['2', '2', 'ai:b', 'phx_reply', ok],
      ['3', '3', 'ai:b', 'phx_reply', ok],
      ['2', '2', 'ai:b', 'phx_close', {}],
      ['4', '4', 'ai:c', 'phx_reply', full],
      ['1', '5', 'ai:a', 'phx_reply', ok],
      ['1', '1', 'ai:a', 'phx_close', {}],
      ['6', '6', 'ai:c', 'phx_reply', ok],
    ]);
  });
});

describe('a subscription', () => {
  it('takes nothing more once it has ended, whatever its handler still sends', async () => {
    let kept: Subscription<unknown> | undefined;
    class Keeping extends GoldenChannels {
      override joined(subscription: Subscription<unknown>): void {
        kept ??= subscription;
      }
    }
    const keeping = new Keeping();
    const client = await start({ channelFor: () => keeping });
    await answersTo(client, ['1', '1', 'ai:t', 'phx_join', {}], ['1', '2', 'ai:t', 'phx_leave', {}]);
    await answersTo(client, ['3', '3', 'ai:t', 'phx_join', {}]);
    kept?.push('late', {});
    kept?.send('late');
    kept?.sendShared(new SharedFrame('late'));
    kept?.close();
    expect(await answersTo(client)).toEqual([]);
  });
});

describe('bytes that do not fit into a frame', () => {
  /** 200 characters, 400 bytes: a field of a binary frame has one byte for its length. */
  const longTopic = `ai:${'ü'.repeat(200)}`;

  it('crash the channel whose topic is too long for them, and nothing else', async () => {
    const client = await start();
    const answers = await answersTo(
      client,
      ['1', '1', longTopic, 'phx_join', {}],
      ['1', '2', longTopic, 'echo', { a: 1 }],
      ['1', '3', longTopic, 'push_bin', {}],
      ['1', '4', longTopic, 'echo', {}],
    );
    expect(answers).toEqual([
      ['1', '1', longTopic, 'phx_reply', ok],
      ['1', '2', longTopic, 'phx_reply', { status: 'ok', response: { a: 1 } }],
      ['1', '1', longTopic, 'phx_error', crash],
      [null, '4', longTopic, 'phx_reply', { status: 'error', response: { reason: 'unmatched topic' } }],
    ]);
  });

  it('crash the channel of a client of version 1, which knows no bytes', async () => {
    const client = await start({}, '1.0.0');
    const answers = await answersToVersionOne(client, { event: 'phx_join', ref: '1' }, { event: 'push_bin', ref: '2' });
    expect(answers.at(-1)).toEqual({ topic: 'ai:t', event: 'phx_error', ref: null, payload: crash });
  });

  it('crash the channel when they are the answer to its join', async () => {
    const faults: string[] = [];
    class AnsweringBytes extends GoldenChannels {
      override join(): JoinOutcome {
        return { status: 'ok', response: Uint8Array.of(1) };
      }
    }
    const channels = new AnsweringBytes();
    const client = await start({ channelFor: () => channels, onFault: (what) => faults.push(what) }, '1.0.0');
    const answers = await answersToVersionOne(client, { event: 'phx_join', ref: '1' }, { event: 'echo', ref: '2' });
    const unmatched = { status: 'error', response: { reason: 'unmatched topic' } };
    expect(answers).toEqual([
      { topic: 'ai:t', event: 'phx_error', ref: null, payload: crash },
      { topic: 'ai:t', event: 'phx_reply', ref: '2', payload: unmatched },
    ]);
    expect(faults).toEqual(['channel']);
  });
});

describe('a WebSocket', () => {
  it('is not compressed, whatever its client offers', async () => {
    const client = await start();
    expect(client.socket.extensions).toBe('');
  });

  it('may bring a frame in pieces, up to the largest frame', async () => {
    const client = await start({ limits: { ...wideLimits, maxFrameBytes: 1_024 } });
    const [one, two, three] = ['[null,"1","pho', 'enix","heart', 'beat",{}]'];
    client.socket.send(one, { fin: false });
    client.socket.send(two, { fin: false });
    client.socket.send(three);
    expect(await client.frame()).toEqual([null, '1', 'phoenix', 'phx_reply', ok]);
    for (const fin of [false, false, true]) client.socket.send('x'.repeat(500), { fin });
    expect(await client.next()).toEqual({ close: { code: 1009, reason: '' } });
  });

  it.each([
    ['text that is no UTF-8', 1007, Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    ['a frame that is not masked', 1002, Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a reserved bit', 1002, Buffer.from([0xc1, 0x80, 0, 0, 0, 0])],
    ['an opcode that does not exist', 1002, Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['a continuation of nothing', 1002, Buffer.from([0x80, 0x80, 0, 0, 0, 0])],
    ['a ping that is too long', 1002, Buffer.from([0x89, 0xfe, 0, 200, 0, 0, 0, 0])],
  ])('with %s is closed with %i, and nobody else', async (_what, code, bytes) => {
    const client = await start();
    const other = await RawClient.connect(mounts.url('/socket/websocket?vsn=2.0.0'));
    clients.push(other);
    // Past the library, which would not send such a frame.
    (client.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(bytes);
    expect(await client.next()).toMatchObject({ close: { code } });
    expect(await answersTo(other, ['1', '1', 'ai:t', 'phx_join', {}])).toEqual([['1', '1', 'ai:t', 'phx_reply', ok]]);
  });
});
