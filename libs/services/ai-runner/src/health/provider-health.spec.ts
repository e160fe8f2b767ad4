import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import type { GenerationAttempt } from '@headrace/contracts';
import { Logger } from '@nestjs/common';
import { ProviderHealthSettings } from './health.settings.js';
import { ProviderHealth } from './provider-health.js';

Logger.overrideLogger(false);

const openai = { provider: 'openai', model: 'gpt-4o', timeoutMs: 30_000 };
const mini = { ...openai, model: 'gpt-4o-mini' };
const mistral = { provider: 'mistral', model: 'small', timeoutMs: 30_000 };
const targets = [openai, mistral];

let health: ProviderHealth;
let now: number;

beforeEach(() => {
  health = aHealth();
});
afterEach(() => health.onModuleDestroy());

function aHealth(settings: Partial<ProviderHealthSettings> = {}): ProviderHealth {
  now = Date.parse('2026-11-21T12:00:00.000Z');
  const made = new ProviderHealth(Object.assign(new ProviderHealthSettings(), settings), new HeadraceSettings());
  made.now = () => now;
  return made;
}

function anAttempt(target: typeof openai, code?: string, httpStatus: number | null = null): GenerationAttempt {
  const { provider, model } = target;
  const ending =
    code === undefined
      ? ({ status: 'success', httpStatus: 200, reason: null } as const)
      : ({ status: 'error', httpStatus, reason: 'It failed.', code } as const);
  return { provider, model, startedAt: '2026-11-21T12:00:00.000Z', durationMs: 1, ...ending };
}

function fail(times: number, target = openai, code = 'provider_failed', httpStatus: number | null = 503): void {
  for (let time = 0; time < times; time += 1) health.noteAttempt('p', anAttempt(target, code, httpStatus));
}

describe('a provider that fails', () => {
  it('is tried last after some failures in a row', () => {
    fail(2);
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
    fail(1);
    expect(health.orderOf('p', targets)).toEqual([1, 0]);
    expect(health.likelyFirst('p', targets)).toBe(1);
  });

  it('says why it is tried last', () => {
    expect(health.whyNotAsPlanned('p', targets)).toBeUndefined();
    fail(3);
    expect(health.whyNotAsPlanned('p', targets)).toBe(
      'openai failed 3 times in a row (HTTP 503), so it is tried last until 2026-11-21T12:00:05.000Z.',
    );
  });

  it('is tried in its place again by one request at a time, when a while is over', () => {
    fail(3);
    now += 5_000;
    expect(health.likelyFirst('p', targets)).toBe(0);
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
    expect(health.orderOf('p', targets)).toEqual([1, 0]);
  });

  it('is back for all when that one succeeds', () => {
    fail(3);
    now += 5_000;
    health.orderOf('p', targets);
    health.noteAttempt('p', anAttempt(openai));
    expect([health.orderOf('p', targets), health.orderOf('p', targets)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('stays last for twice as long when that one fails, up to five minutes', () => {
    fail(3);
    for (const waitMs of [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
      now += waitMs - 1;
      expect(health.orderOf('p', targets)).toEqual([1, 0]);
      now += 1;
      expect(health.orderOf('p', targets)).toEqual([0, 1]);
      fail(1);
    }
  });

  it('is tried by another when nothing was heard of the one that tried it', () => {
    fail(3);
    now += 5_000;
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
    now += 36_000;
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
  });

  it('goes on to be ill no longer because calls fail that were begun before', () => {
    fail(50);
    now += 5_000;
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
  });

  it('begins to count again after a success', () => {
    fail(2);
    health.noteAttempt('p', anAttempt(openai));
    fail(2);
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
  });

  it('is tried in its place while all others are ill as well', () => {
    fail(3);
    fail(3, mistral, 'timeout', null);
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
    expect(health.whyNotAsPlanned('p', targets)).toBeUndefined();
  });

  it('is ill for its own project alone: others have other keys', () => {
    fail(3, openai, 'authentication_failed', 401);
    expect(health.orderOf('other', targets)).toEqual([0, 1]);
  });

  it('is tried last with all of its models', () => {
    fail(3);
    expect(health.orderOf('p', [mini, mistral])).toEqual([1, 0]);
  });

  it('that says how long it wants no calls is tried last for so long at once', () => {
    health.noteAttempt('p', { ...anAttempt(openai, 'rate_limited', 429), retryAfterMs: 20_000 });
    now += 19_999;
    expect(health.orderOf('p', targets)).toEqual([1, 0]);
    expect(health.whyNotAsPlanned('p', targets)).toMatch(/^openai failed once \(HTTP 429\)/);
    now += 1;
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
  });

  it('that limits one model is tried with another', () => {
    fail(3, openai, 'rate_limited', 429);
    expect(health.orderOf('p', [openai, mini])).toEqual([1, 0]);
  });
});

describe('what says nothing about a provider', () => {
  it.each(['invalid_request', 'refused', 'content_filtered', 'structured_output_invalid', 'response_too_large'])(
    'is a request that ends with %s: it did answer',
    (code) => {
      fail(2);
      fail(5, openai, code, 400);
      fail(2);
      expect(health.orderOf('p', targets)).toEqual([0, 1]);
    },
  );

  it('is anything, where the operator wants the order as planned', () => {
    health.onModuleDestroy();
    health = aHealth({ failures: 0 });
    fail(100);
    expect(health.orderOf('p', targets)).toEqual([0, 1]);
  });
});
