import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { laneWatchTimer } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { EventLog, Recorded } from '@headrace/event-log';
import type { OutboundRequest, OutboundResponse } from '@headrace/outbound-http';
import fc from 'fast-check';
import { aDispatcher, anEndpoint, projectId } from '../testing/dispatcher.harness.js';

/** Where the process dies at one of its effects: before it happened, after it, or not at all. */
type Fate = 'lives' | 'before' | 'after';
type Dispatcher = ReturnType<typeof aDispatcher>;
/** A message that the server delivers until it is acknowledged. */
type Message = (count: number) => Promise<void>;

const answer = (status: number): OutboundResponse => ({
  status,
  headers: {},
  body: Buffer.alloc(0),
  truncated: false,
  version: 'http/1.1',
  timings: { connection: null, firstByteMs: 1, totalMs: 1 },
});

/** A dispatcher with one endpoint that asks for order, whose effects end as `fates` say; then it lives. */
function aMortalDispatcher(fates: Fate[], statuses: number[]) {
  const posts: OutboundRequest[] = [];
  async function fateful<Result>(effect: () => Promise<Result>): Promise<Result> {
    const fate = fates.shift() ?? 'lives';
    if (fate === 'before') throw new Error('killed');
    const result = await effect();
    if (fate === 'after') throw new Error('killed');
    return result;
  }
  const request = (post: OutboundRequest) =>
    fateful(async () => {
      posts.push(post);
      return answer(statuses.shift() ?? 200);
    });
  const endpoint = anEndpoint('https://one.test/', { fifoKey: 'customer_data.user' });
  const dispatcher = aDispatcher([endpoint], {
    outbound: { request },
    wrapLog: (log) => {
      const append: EventLog['append'] = (...args) => fateful(() => log.append(...args));
      return Object.assign(Object.create(log) as EventLog, { append });
    },
    wrapTimers: (timers) => ({
      schedule: (...args) => fateful(() => timers.schedule(...args)),
      cancel: (...args) => fateful(() => timers.cancel(...args)),
    }),
    wrapDeadLetters: (deadLetters) => ({ keep: (...args) => fateful(() => deadLetters.keep(...args)) }),
  });
  return { dispatcher, posts };
}

/** Does what the server does: hands each event to its handlers, in any order, again until they live to the end. */
async function runToTheEnd(dispatcher: Dispatcher, requests: readonly string[], choices: number[]): Promise<void> {
  const waiting: Message[] = [];
  for (const user of requests) {
    const context = aContext({ customerData: { user } });
    const data = { context, generation: aGeneration(), output: anOutput(), callback: null, completedAt: '' };
    const event = await dispatcher.append({ type: 'request.completed', data }, randomUUID());
    waiting.push(() => dispatcher.planner.plan(event));
  }
  let seen = dispatcher.log.all.length;
  for (;;) {
    for (const event of dispatcher.log.all.slice(seen)) waiting.push(...messagesOf(dispatcher, event));
    seen = dispatcher.log.all.length;
    if (waiting.length === 0) waiting.push(...timersOf(dispatcher));
    const [message] = waiting.splice((choices.shift() ?? 0) % Math.max(waiting.length, 1), 1);
    if (!message) return;
    await untilAcknowledged(message);
  }
}

function messagesOf(dispatcher: Dispatcher, event: Recorded): Message[] {
  if (event.type === 'delivery.planned') {
    return [(count) => dispatcher.deliver(event as Parameters<Dispatcher['deliver']>[0], count)];
  }
  if (event.address.aggregate === 'lane') {
    return [(count) => dispatcher.giveTurn(event as Parameters<Dispatcher['giveTurn']>[0], count)];
  }
  return [];
}

function timersOf(dispatcher: Dispatcher): Message[] {
  return dispatcher.timers.fireUntil(new Date(8.64e15)).map((timer) => () => {
    if (timer.address.kind === laneWatchTimer.kind) {
      return dispatcher.onLaneWatchDue.look(timer);
    }
    return dispatcher.fire(timer);
  });
}

async function untilAcknowledged(message: Message): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      return await message(count);
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'killed') throw error;
    }
  }
}

/** The deliveries of each lane in the order in which they joined. */
function joinedByLane({ log }: Dispatcher): Map<string, string[]> {
  const lanes = new Map<string, string[]>();
  for (const { type, address, data } of log.all) {
    if (type !== 'lane.queued') continue;
    const lane = lanes.get(String(address.key)) ?? [];
    const { deliveryId } = data as { deliveryId: string };
    if (!lane.includes(deliveryId)) lanes.set(String(address.key), [...lane, deliveryId]);
  }
  return lanes;
}

describe('a lane of a dispatcher that is killed between any two of its steps', () => {
  const fate = fc.oneof({ weight: 3, arbitrary: fc.constant<Fate>('lives') }, fc.constantFrom<Fate>('before', 'after'));
  const statuses = fc.array(fc.constantFrom(500, 410, 503, 200, 200), { maxLength: 20 });
  const users = fc.array(fc.constantFrom('ann', 'ben'), { minLength: 1, maxLength: 6 });
  const fates = fc.array(fate, { maxLength: 80 });
  const choices = fc.array(fc.nat(20), { maxLength: 60 });

  it('attempts its deliveries one after another in their order, and ends them all', async () => {
    await fc.assert(
      fc.asyncProperty(fates, statuses, users, choices, async (dying, answers, requests, chosen) => {
        const { dispatcher, posts } = aMortalDispatcher([...dying], [...answers]);
        await runToTheEnd(dispatcher, requests, [...chosen]);
        const posted = posts.map(({ headers }) => String(headers?.['mr-delivery-id']));
        for (const joined of joinedByLane(dispatcher).values()) {
          const turns = posted.filter((id) => joined.includes(id)).filter((id, at, all) => id !== all[at - 1]);
          expect(turns).toEqual(joined);
        }
        const ends = dispatcher.log.all.filter(({ type }) => /^delivery\.(succeeded|dead-lettered)$/.test(type));
        expect(ends).toHaveLength(requests.length);
        expect(dispatcher.plans()).toHaveLength(requests.length);
        expect(dispatcher.timers.waiting).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('costs nothing where no order is asked for', async () => {
    const { dispatcher } = aMortalDispatcher([], []);
    dispatcher.projects.endpoints = [anEndpoint('https://one.test/')];
    await runToTheEnd(dispatcher, ['ann', 'ann'], []);
    expect(dispatcher.log.all.map(({ type }) => type).sort()).toEqual([
      'delivery.planned',
      'delivery.planned',
      'delivery.succeeded',
      'delivery.succeeded',
      'request.completed',
      'request.completed',
    ]);
  });

  it('lets deliveries pass whose body has no value under the key', async () => {
    const { dispatcher } = aMortalDispatcher([], []);
    dispatcher.projects.endpoints = [anEndpoint('https://one.test/', { fifoKey: 'customer_data.missing' })];
    await runToTheEnd(dispatcher, ['ann'], []);
    expect(joinedByLane(dispatcher).size).toBe(0);
    expect(dispatcher.plans()[0]?.address.project).toBe(projectId);
  });
});
