import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { projectTopic } from '@headrace/contracts';
import { waitFor } from '@headrace/testing';
import { HubHarness, type TestRequest } from './testing/hub-harness.js';
import { PollClient } from './testing/poll-client.js';
import { Random } from './testing/random.js';
import { RandomFrames } from './testing/random-frames.js';
import { RawClient } from './testing/raw-client.js';
import { aCompletedRequest, aContinuedRequest, aGeneratedRequest } from './testing/request-events.js';

/** With what sockets are closed: by the guide, by `ws` for what breaks the rules of WebSockets, or cut. */
const documented = [1001, 1002, 1005, 1006, 1007, 1008, 1009, 1011, 1012];
const pollStatuses = [200, 204, 400, 410, 413, 500];
const tenMinutesAgo = (): Date => new Date(Date.now() - 600_000);

let hub: HubHarness;
const faults: unknown[] = [];
const onFault = (error: unknown): void => void faults.push(error);
beforeAll(() => void process.on('unhandledRejection', onFault));
afterAll(() => void process.off('unhandledRejection', onFault));
afterEach(() => hub.stop());

/** A token that is good, has expired, or is for the whole project. */
const anyToken = (random: Random, request: TestRequest): Promise<string> =>
  random.pick([
    () => hub.token(request),
    () => hub.token(request, tenMinutesAgo()),
    () => Promise.resolve(hub.projectToken(request.project)),
    () => Promise.resolve(hub.projectToken(request.project, new Date(), 'k1')),
  ])();

/** Something that happens to the request, or to the log, while clients are there. */
async function somethingHappens(random: Random, { project, channel, address }: TestRequest): Promise<void> {
  const { log, pieces } = hub;
  const append = (event: Parameters<typeof log.append>[1]) => log.append(address, event).catch(() => undefined);
  await random.pick<() => unknown>([
    () => append(aGeneratedRequest()),
    () => append(aContinuedRequest()),
    () => append(aCompletedRequest()),
    () => pieces.tell(project, channel, { index: random.below(4), content: 'text' }),
    () => void (log.failingReads = random.below(3)),
    () => void (log.failingAppends = random.below(3)),
    () => log.reconnect(),
    () => void (log.readGate = new Promise((resolve) => setTimeout(resolve, random.below(20)))),
    () => new Promise(setImmediate),
  ])();
}

/** Sends whatever comes to mind and leaves, one way or another; the code of its close. */
async function aSocketThatSendsAnything(random: Random, request: TestRequest, frames: RandomFrames): Promise<number> {
  const version = random.pick(['1.0.0', '2.0.0', '2.0.0'] as const);
  const query = new URLSearchParams({ vsn: version, token: await anyToken(random, request) });
  const client = await RawClient.connect(`${hub.url}/websocket?${query.toString()}`);
  const { socket } = client;
  const closed = new Promise<number>((resolve) => void socket.once('close', resolve));
  const { _socket: connection } = socket as unknown as { _socket: Socket };
  for (let n = 0; n < 60 && socket.readyState === socket.OPEN; n += 1) {
    const frame = frames.any(version);
    if (random.chance(0.005)) connection.write(random.bytes(20));
    else if (random.chance(0.02)) socket.ping('p');
    else socket.send(frame, { fin: !random.chance(0.02) });
    if (random.chance(0.2)) await somethingHappens(random, request);
  }
  if (random.chance(0.5)) client.drop();
  else socket.close();
  return closed;
}

/** Polls and sends whatever comes to mind, waits for answers or not; their statuses. */
async function aPollerThatSendsAnything(random: Random, request: TestRequest, frames: RandomFrames): Promise<number[]> {
  const query = new URLSearchParams({ vsn: '2.0.0', token: await anyToken(random, request) });
  const client = new PollClient(`${hub.url.replace('ws', 'http')}/longpoll?${query.toString()}`);
  const statuses: number[] = [];
  for (let n = 0; n < 30; n += 1) {
    const leaving = new AbortController();
    const asked = random.chance(0.4)
      ? client.poll(leaving.signal)
      : client.send(...Array.from({ length: 1 + random.below(5) }, () => frames.text('2.0.0')));
    const answered = asked.then(({ status }) => void statuses.push(status)).catch(() => undefined);
    if (random.chance(0.3)) leaving.abort();
    if (random.chance(0.3)) await somethingHappens(random, request);
    await answered;
  }
  return statuses;
}

describe('whatever clients send at once', () => {
  it.each([1, 2, 3, 4, 5])(
    'the process lives, others are undisturbed, and nothing is left of it (%d)',
    async (seed) => {
      const random = new Random(seed);
      hub = await HubHarness.start({ longPollWindowMs: 50 });
      const [calm, request] = [hub.aRequest(), hub.aRequest()];
      const witness = await hub.join(calm);
      const { project, channel, topic } = request;
      const otherCase = `ai_response:${channel.toUpperCase()}`;
      const topics = [
        topic,
        topic,
        otherCase,
        projectTopic(project),
        calm.topic,
        'phoenix',
        'other:1',
        'ai_response:',
        '',
      ];
      const frames = new RandomFrames(random, topics);
      const sockets = Array.from({ length: 6 }, () => aSocketThatSendsAnything(random, request, frames));
      const pollers = Array.from({ length: 3 }, () => aPollerThatSendsAnything(random, request, frames));
      for (const code of await Promise.all(sockets)) expect(documented).toContain(code);
      for (const status of (await Promise.all(pollers)).flat()) expect(pollStatuses).toContain(status);
      Object.assign(hub.log, { failingReads: 0, failingAppends: 0 });
      await hub.log.append(calm.address, aCompletedRequest());
      const told = (status: string) => ['1', null, calm.topic, 'response', expect.objectContaining({ status })];
      expect(await witness.frame()).toEqual(told('completed'));
      expect(await witness.frame()).toEqual(['1', '1', calm.topic, 'phx_close', {}]);
      witness.drop();
      await waitFor(() => hub.sockets === 0, { what: 'all sockets and sessions are gone' });
      expect([hub.channels, hub.log.followers, hub.log.followersOf(project)]).toEqual([0, 0, 0]);
      expect(hub.pieces.followersOf(project, channel)).toBe(0);
      expect(faults).toEqual([]);
    },
  );
});
