import { describe, expect, it } from '@jest/globals';
import type { deliveryRetryTimer } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { EventLog, FiredTimer } from '@headrace/event-log';
import type { OutboundRequest, OutboundResponse } from '@headrace/outbound-http';
import fc from 'fast-check';
import { aDispatcher, anEndpoint } from './testing/dispatcher.harness.js';

/** Where the process dies at one of its effects: before it happened, after it, or not at all. */
type Fate = 'lives' | 'before' | 'after';

const ok = (status: number): OutboundResponse => ({
  status,
  headers: {},
  body: Buffer.alloc(0),
  truncated: false,
  version: 'http/1.1',
  timings: { connection: null, firstByteMs: 1, totalMs: 1 },
});

/** A dispatcher whose effects end as `fates` say, one after the other; at the end of the list it lives. */
function aMortalDispatcher(fates: Fate[], statuses: number[]) {
  const requests: OutboundRequest[] = [];
  const answered: number[] = [];
  async function fateful<Result>(effect: () => Promise<Result>): Promise<Result> {
    const fate = fates.shift() ?? 'lives';
    if (fate === 'before') throw new Error('killed');
    const result = await effect();
    if (fate === 'after') throw new Error('killed');
    return result;
  }
  const outbound = {
    request: (request: OutboundRequest) =>
      fateful(async () => {
        requests.push(request);
        const status = statuses.shift() ?? 200;
        answered.push(status);
        return ok(status);
      }),
  };
  const dispatcher = aDispatcher([anEndpoint('https://one.test/')], {
    outbound,
    // Reads are the log's own; only what is written can be cut off.
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
  return { dispatcher, requests, answered };
}

/** Does what the server does with a message: delivers it again until its handler lives to acknowledge it. */
async function untilAcknowledged(deliver: (count: number) => Promise<void>): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      await deliver(count);
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'killed') throw error;
    }
  }
}

async function runToTheEnd(fates: Fate[], statuses: number[]) {
  const { dispatcher, requests, answered } = aMortalDispatcher(fates, statuses);
  const data = { context: aContext(), generation: aGeneration(), output: anOutput(), callback: null, completedAt: '' };
  const event = await dispatcher.append({ type: 'request.completed', data });
  await untilAcknowledged(() => dispatcher.planner.plan(event));
  // The log hands a planned delivery to its consumer once, however often planning was repeated.
  for (const planned of dispatcher.plans()) {
    await untilAcknowledged((count) => dispatcher.deliver(planned, count));
  }
  for (;;) {
    const due = dispatcher.timers.fireUntil(new Date(8.64e15)) as FiredTimer<typeof deliveryRetryTimer>[];
    if (due.length === 0) break;
    for (const timer of due) await untilAcknowledged((count) => dispatcher.fire(timer, count));
  }
  return { dispatcher, requests, answered, types: dispatcher.deliveryEvents().map(({ type }) => type) };
}

describe('a dispatcher that is killed between any two of its steps', () => {
  const fate = fc.oneof({ weight: 2, arbitrary: fc.constant<Fate>('lives') }, fc.constantFrom<Fate>('before', 'after'));
  const statuses = fc.array(fc.constantFrom(500, 500, 503, 404, 200), { maxLength: 12 });

  it('ends every delivery exactly once, and loses none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 60 }), statuses, async (fates, answers) => {
        const { dispatcher, requests, answered, types } = await runToTheEnd([...fates], [...answers]);
        const ends = types.filter((type) => type === 'delivery.succeeded' || type === 'delivery.dead-lettered');
        expect(types[0]).toBe('delivery.planned');
        expect(ends).toEqual([types.at(-1)]);
        expect(dispatcher.timers.waiting).toEqual([]);
        // What the log says is what happened: a success was answered 2xx, a dead letter is kept.
        if (ends[0] === 'delivery.succeeded') expect(answered).toContain(200);
        expect(dispatcher.kept).toHaveLength(ends[0] === 'delivery.dead-lettered' ? 1 : 0);
        // Whatever the receiver saw twice, it saw under one id and with one body.
        expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
        expect(new Set(requests.map(({ body }) => String(body))).size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('makes no more attempts than the schedule has and one for each kill', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 40 }), async (fates) => {
        const kills = fates.filter((each) => each !== 'lives').length;
        const { requests } = await runToTheEnd(
          [...fates],
          Array.from({ length: 60 }, () => 500),
        );
        expect(requests.length).toBeLessThanOrEqual(8 + kills);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, Fate[], number]>([
    // Effects in order: append of the plan, post, append of the outcome, timer.
    ['before the request is sent', ['lives', 'before'], 2],
    ['after the request was sent', ['lives', 'after'], 3],
    ['before the outcome is stored', ['lives', 'lives', 'before'], 3],
    ['after the outcome was stored', ['lives', 'lives', 'after'], 2],
    ['before the timer is set', ['lives', 'lives', 'lives', 'before'], 2],
    ['after the timer was set', ['lives', 'lives', 'lives', 'after'], 2],
  ])('%s goes on where it was', async (_, fates, posts) => {
    // The first two attempts that are recorded differ: 500, then 200.
    const { requests, types } = await runToTheEnd(fates, posts === 3 ? [500, 500, 200] : [500, 200]);
    expect(types).toEqual(['delivery.planned', 'delivery.attempted', 'delivery.succeeded']);
    expect(requests).toHaveLength(posts);
  });

  it('keeps the dead letter when it was killed before it could', async () => {
    const live = (count: number): Fate[] => Array.from({ length: count }, () => 'lives');
    // Plan, then post, append and timer seven times, post, append, and then the dead letter.
    const { dispatcher, requests } = await runToTheEnd(
      [...live(1 + 7 * 3 + 2), 'before'],
      Array.from({ length: 8 }, () => 500),
    );
    expect(requests).toHaveLength(8);
    expect(dispatcher.kept).toHaveLength(1);
  });
});
