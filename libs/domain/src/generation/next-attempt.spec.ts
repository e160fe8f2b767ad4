import { describe, expect, it } from '@jest/globals';
import type { GenerationAttempt, GenerationPlan } from '@headrace/contracts';
import fc from 'fast-check';
import { anAcceptedRequest } from '../testing/index.js';
import type { FailedAttempt } from './failed-attempt.js';
import { nextAttempt } from './next-attempt.js';
import { longestRetryAfterMs, retryWaitMs } from './retry-wait.js';

const primary = { provider: 'openai', model: 'gpt-4o', timeoutMs: 30_000 };
const fallback = { provider: 'mistral', model: 'small', timeoutMs: 10_000 };
const plan: GenerationPlan = { ...anAcceptedRequest().plan, targets: [primary, fallback] };
const asPlanned = [0, 1];
const retryAt = '2026-01-01T00:00:01.000Z';
const misfit = { content: '{}', violations: [] };

function failedAt(target: number | undefined, decided: Omit<FailedAttempt, 'attempt'> = {}): FailedAttempt {
  const attempt: GenerationAttempt = {
    provider: 'openai',
    model: 'gpt-4o',
    status: 'error',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 10,
    httpStatus: 500,
    reason: 'HTTP 500',
    ...(target === undefined ? {} : { target }),
  };
  return { attempt, ...decided };
}

describe('the next attempt', () => {
  it('goes through the targets in the given order, each once', () => {
    expect(nextAttempt(plan, asPlanned, [])).toEqual({ target: primary, place: 0 });
    expect(nextAttempt(plan, asPlanned, [failedAt(0)])).toEqual({ target: fallback, place: 1 });
    expect(nextAttempt(plan, asPlanned, [failedAt(0), failedAt(1)])).toBeUndefined();
    expect(nextAttempt(plan, [1, 0], [])).toEqual({ target: fallback, place: 1 });
    expect(nextAttempt(plan, [1, 0], [failedAt(1)])).toEqual({ target: primary, place: 0 });
  });

  it('takes the place of an attempt for its target where an older event does not name it', () => {
    expect(nextAttempt(plan, asPlanned, [failedAt(undefined)])).toEqual({ target: fallback, place: 1 });
  });

  it('stays with its target when that was decided, and goes on behind it afterwards', () => {
    const first = failedAt(0, { retryAt });
    expect(nextAttempt(plan, asPlanned, [first])).toEqual({ target: primary, place: 0, kind: 'retry', at: retryAt });
    expect(nextAttempt(plan, asPlanned, [first, failedAt(0)])).toEqual({ target: fallback, place: 1 });
  });

  it('is told what is wrong with an answer as often as the workflow allows, for each model', () => {
    const mending = { ...plan, repairs: 1 };
    const repair = { target: primary, place: 0, kind: 'repair' };
    expect(nextAttempt(mending, asPlanned, [failedAt(0, { misfit })])).toEqual(repair);
    const twice = [failedAt(0, { misfit }), failedAt(0, { misfit })];
    expect(nextAttempt(mending, asPlanned, twice)).toEqual({ target: fallback, place: 1 });
    expect(nextAttempt(mending, asPlanned, [...twice, failedAt(1, { misfit })])).toMatchObject({ kind: 'repair' });
    expect(nextAttempt(plan, asPlanned, [failedAt(0, { misfit })])).toEqual({ target: fallback, place: 1 });
  });

  it('is of another model when the answer was cut, because it would be cut again', () => {
    const cut = failedAt(0, { misfit: { ...misfit, cut: true } });
    expect(nextAttempt({ ...plan, repairs: 3 }, asPlanned, [cut])).toEqual({ target: fallback, place: 1 });
  });

  it('is none when part of an answer was told already', () => {
    expect(nextAttempt(plan, asPlanned, [failedAt(0, { final: true })])).toBeUndefined();
  });

  it('comes to an end, whatever fails in whatever way', () => {
    const outcome = fc.constantFrom('failed', 'retried', 'misfit', 'cut');
    const bounds = fc.record({ retries: fc.nat(4), repairs: fc.nat(3), targets: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(bounds, fc.infiniteStream(outcome), ({ retries, repairs, targets }, outcomes) => {
        const many: GenerationPlan = { ...plan, repairs, targets: Array.from({ length: targets }, () => primary) };
        const order = many.targets.map((_, place) => place);
        const made: FailedAttempt[] = [];
        for (let next = nextAttempt(many, order, made); next; next = nextAttempt(many, order, made)) {
          const tries = made.filter((one) => one.attempt.target === next?.place && !one.misfit).length + 1;
          const how = outcomes.next().value;
          const mayRetry = how === 'retried' && tries <= retries;
          made.push(
            failedAt(next.place, {
              ...(mayRetry ? { retryAt } : {}),
              ...(how === 'misfit' ? { misfit } : how === 'cut' ? { misfit: { ...misfit, cut: true } } : {}),
            }),
          );
          expect(made.length).toBeLessThanOrEqual(targets * (retries + repairs + 2));
        }
        expect(new Set(made.map(({ attempt }) => attempt.target)).size).toBe(targets);
      }),
    );
  });
});

describe('the wait before a retry', () => {
  const retry = { attempts: 4, initialMs: 500, factor: 2, maxMs: 1_500 };
  const failure = { retry, retryable: true, retryAfterMs: null, tries: 1, random: 0 };

  it('grows with each try up to its limit, and chance only shortens it', () => {
    expect([1, 2, 3].map((tries) => retryWaitMs({ ...failure, tries }))).toEqual([500, 1_000, 1_500]);
    expect(retryWaitMs({ ...failure, random: 1 })).toBe(400);
  });

  it('is at least what the provider asked for, unless that is too long', () => {
    expect(retryWaitMs({ ...failure, retryAfterMs: 7_000 })).toBe(7_000);
    expect(retryWaitMs({ ...failure, retryAfterMs: 7_000, random: 1 })).toBeGreaterThan(7_000);
    expect(retryWaitMs({ ...failure, retryAfterMs: 0 })).toBe(0);
    expect(retryWaitMs({ ...failure, retryAfterMs: longestRetryAfterMs + 1 })).toBeNull();
  });

  it('is none when the tries are used up, nothing can come of it, or nobody asked for retries', () => {
    expect(retryWaitMs({ ...failure, tries: 4 })).toBeNull();
    expect(retryWaitMs({ ...failure, retryable: false })).toBeNull();
    expect(retryWaitMs({ ...failure, retry: undefined })).toBeNull();
  });
});
