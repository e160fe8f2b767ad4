import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { RawClient } from './testing/raw-client.js';
import { HubHarness, joinOk } from './testing/hub-harness.js';
import { PollClient } from './testing/poll-client.js';
import { aCompletedRequest, aGeneratedRequest } from './testing/request-events.js';

let hub: HubHarness;
const clients: RawClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.drop());
  await hub.stop();
});

const kept = async (opening: Promise<RawClient>): Promise<RawClient> => {
  const client = await opening;
  clients.push(client);
  return client;
};
const open = async (request = hub.aRequest()) => kept(hub.connect(await hub.token(request)));
const join = (request = hub.aRequest()) => kept(hub.join(request));

/** Whether a client that did nothing wrong still gets its states. */
async function expectUndisturbed(witness: RawClient, request: ReturnType<HubHarness['aRequest']>): Promise<void> {
  await hub.log.append(request.address, aCompletedRequest());
  expect(await witness.frame()).toMatchObject(['1', null, request.topic, 'response', { status: 'completed' }]);
}

/** A state of 200 kB. */
function aLargeState(): ReturnType<typeof aGeneratedRequest> {
  const event = aGeneratedRequest();
  const context = { ...event.data.context, customerData: { large: 'x'.repeat(200_000) } };
  return { ...event, data: { ...event.data, context } };
}

const refusedJoin = (topic: string, reason: string): unknown => [
  '2',
  '2',
  topic,
  'phx_reply',
  { status: 'error', response: { reason } },
];

describe('a hostile client', () => {
  it.each([
    ['text that is no JSON', '{nope', 1011],
    ['JSON that is no frame', '{"a":1}', 1011],
    ['JSON as deep as it is long', '['.repeat(30_000), 1011],
    ['an array of nulls', '[null,null,null,null,null]', 1011],
    ['bytes that are no frame', Buffer.from([9, 9, 9]), 1011],
    ['a frame above the limit', `["1","1","t","e","${'x'.repeat(70_000)}"]`, 1009],
    ['a topic above 255 characters', JSON.stringify(['1', '1', 'x'.repeat(256), 'phx_join', {}]), 1011],
  ])('with %s is closed, and nobody else', async (_what, frame, code) => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    const [witness, hostile] = [await join(request), await open()];
    hostile.send(frame);
    expect(await hostile.next()).toMatchObject({ close: { code } });
    await expectUndisturbed(witness, request);
  });

  it('that floods is closed with 1008 and told why, and nobody else', async () => {
    hub = await HubHarness.start({ maxFramesPerTenSeconds: 200 });
    const request = hub.aRequest();
    const [witness, hostile] = [await join(request), await open()];
    // Twice as many and one: wherever they fall, one span of ten seconds gets too many.
    for (let n = 0; n < 401; n += 1) hostile.send([null, n, 'phoenix', 'heartbeat', {}]);
    let heard = await hostile.next();
    while ('frame' in heard) heard = await hostile.next();
    expect(heard).toEqual({ close: { code: 1008, reason: 'too many frames' } });
    await expectUndisturbed(witness, request);
  });

  it('that floods with pings of the protocol is closed just so', async () => {
    hub = await HubHarness.start({ maxFramesPerTenSeconds: 200 });
    const hostile = await open();
    hostile.socket.on('pong', () => hostile.socket.ping());
    hostile.socket.ping();
    expect(await hostile.next()).toEqual({ close: { code: 1008, reason: 'too many frames' } });
  });

  it('that does not wait for the answers to its pings is cut, before they fill the memory', async () => {
    hub = await HubHarness.start({ maxFramesPerTenSeconds: 0 });
    const hostile = await open();
    for (let n = 0; n < 2_000; n += 1) hostile.socket.ping('x'.repeat(125));
    expect(await hostile.next()).toMatchObject({ close: { code: 1006 } });
    await waitFor(() => hub.sockets === 0, { what: 'the socket is gone' });
  });

  it('that sends one frame in thousands of fragments is closed, before they fill the memory', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    const [witness, hostile] = [await join(request), await open()];
    for (let n = 0; n < 1_000; n += 1) hostile.socket.send('x', { fin: false });
    expect(await hostile.next()).toMatchObject({ close: { code: 1008 } });
    await expectUndisturbed(witness, request);
  });

  it('that sends one frame byte by byte is closed, before what each costs fills the memory', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    const [witness, hostile] = [await join(request), await open()];
    const { _socket: connection } = hostile.socket as unknown as { _socket: Socket };
    const closed = hostile.next();
    const isOpen = () => hostile.socket.readyState === WebSocket.OPEN;
    // A text of 60,000 bytes, masked with nothing.
    connection.write(Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]));
    for (let sent = 0; sent < 59_000 && isOpen(); sent += 1) {
      connection.write('x');
      await new Promise(setImmediate);
    }
    expect(await closed).toMatchObject({ close: { code: 1008 } });
    await expectUndisturbed(witness, request);
  });

  it('that asks for many topics gets an error for each, and costs nothing', async () => {
    hub = await HubHarness.start();
    const client = await open();
    const replies: string[] = [];
    const topics = [
      'ai_response:x',
      'ai_response:',
      'other:1',
      '__proto__',
      'phoenix',
      `ai_response:${'a:'.repeat(20)}b`,
    ];
    for (const [n, topic] of topics.entries()) client.send([`${n}`, `${n}`, topic, 'phx_join', {}]);
    for (const _topic of topics) replies.push(JSON.stringify(await client.frame()));
    expect(replies.map((reply) => /"reason":"(.*?)"/.exec(reply)?.[1])).toEqual([
      'invalid_channel_uuid',
      'invalid_channel_format',
      'unmatched topic',
      'unmatched topic',
      'unmatched topic',
      'invalid_channel_format',
    ]);
    expect(hub.channels).toBe(0);
  });

  it('with headers above 16 KiB is refused before anything reads them', async () => {
    hub = await HubHarness.start();
    const upgrade = RawClient.connect(`${hub.url}/websocket?token=${'x'.repeat(20_000)}`);
    await expect(upgrade).rejects.toMatchObject({ status: 431 });
    const headers = { 'x-long': 'y'.repeat(20_000) };
    await expect(RawClient.connect(`${hub.url}/websocket`, [], { headers })).rejects.toMatchObject({ status: 431 });
  });

  it('with an upgrade that is no WebSocket is refused, and leaves nothing open', async () => {
    hub = await HubHarness.start({ maxSocketsPerIp: 1 });
    const token = await hub.token(hub.aRequest());
    const { port } = new URL(hub.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.once('data', (data) => resolve(data.toString()));
      const path = `/socket/websocket?vsn=2.0.0&token=${token}`;
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      socket.once('close', () => resolve(''));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await open();
    expect(hub.sockets).toBe(1);
  });

  it('that never reads is closed at the limit; its subscription ends, and nobody else waits', async () => {
    hub = await HubHarness.start({ maxBufferedBytes: 256 * 1024 });
    const request = hub.aRequest();
    const [witness, hostile] = [await join(request), await join(request)];
    hostile.socket.pause();
    const closed = new Promise((resolve) => hostile.socket.once('close', resolve));
    for (let n = 0; n < 60; n += 1) {
      await hub.log.append(request.address, aLargeState());
      expect(await witness.frame()).toMatchObject(['1', null, request.topic, 'response', { status: 'ai_generated' }]);
    }
    expect(hub.sockets).toBe(1);
    hostile.socket.resume();
    await closed;
  });
});

describe('limits on what sockets share', () => {
  it('are off by default', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    for (let n = 0; n < 30; n += 1) await join(request);
    expect(hub.sockets).toBe(30);
  });

  it.each([
    ['maxSocketsPerIp', 'too many sockets of this address', false],
    ['maxSocketsPerToken', 'too many sockets of this token', true],
    ['maxSocketsPerProject', 'too many sockets of this project', true],
  ] as const)('%s refuses the next socket with 429 and says why, until one closes', async (limit, reason, ofOne) => {
    hub = await HubHarness.start({ [limit]: 2 });
    const request = hub.aRequest();
    const first = await open(request);
    await open(request);
    await expect(open(request)).rejects.toMatchObject({ status: 429, body: reason });
    if (ofOne) await open();
    const polls = new PollClient(
      `${hub.url.replace('ws', 'http')}/longpoll?vsn=2.0.0&token=${await hub.token(request)}`,
    );
    const refused = await polls.fetch('GET');
    expect([refused.status, await refused.json()]).toEqual([429, { status: 500, reason }]);
    first.socket.close();
    await first.next();
    await open(request);
  });

  it.each([
    ['maxJoinsPerIp', 'too many joins of this address'],
    ['maxJoinsPerToken', 'too many joins of this token'],
    ['maxJoinsPerProject', 'too many joins of this project'],
  ] as const)('%s refuses joins above it and says why', async (limit, reason) => {
    hub = await HubHarness.start({ [limit]: 3 });
    const request = hub.aRequest();
    const client = await open(request);
    const answers: unknown[] = [];
    // Twice as many and one: a minute may end in between.
    for (let n = 0; n < 7; n += 1) client.send(['2', '2', request.topic, 'phx_join', {}]);
    while (answers.length < 7) {
      const frame = (await client.frame()) as unknown[];
      if (frame[3] === 'phx_reply') answers.push(frame);
    }
    expect(answers[0]).toEqual(joinOk('2', request.topic));
    expect(answers).toContainEqual(refusedJoin(request.topic, reason));
  });
});
