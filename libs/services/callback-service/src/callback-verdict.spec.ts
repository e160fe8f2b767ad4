import { describe, expect, it } from '@jest/globals';
import { aCallback, aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { verdictOn } from './callback-verdict.js';

const { context } = anAcceptedRequest({ eventName: 'ready' });
const common = { context, generation: aGeneration(), output: anOutput() };
const completed = { status: 'completed', ...common, completedAt: '2026-01-01T00:00:03.000Z' } as const;
const failed = {
  status: 'failed',
  ...common,
  message: 'It failed.',
  details: {},
  failedAt: '2026-01-01T00:05:00.000Z',
} as const;

describe('a callback that changed nothing', () => {
  it('is a repetition when the request was decided by this very body', () => {
    expect(verdictOn({ ...completed, callback: aCallback() }, aCallback())).toEqual({
      outcome: 'repeated',
      ended: true,
    });
    expect(verdictOn({ ...failed, code: 'callback_error', callback: aCallback() }, aCallback())).toEqual({
      outcome: 'repeated',
      ended: true,
    });
  });

  it.each([
    ['another body decided it', { ...completed, callback: aCallback() }, 'callback_already_received'],
    [
      'another error decided it',
      { ...failed, code: 'callback_error', callback: aCallback() },
      'callback_already_received',
    ],
    ['its window is over', { ...failed, code: 'callback_timeout', callback: null }, 'callback_expired'],
    ['the AI failed', { ...failed, code: 'provider_failed', callback: null }, 'callback_not_expected'],
    ['it was cancelled', { ...failed, code: 'cancelled', callback: null }, 'callback_not_expected'],
    ['it is not event-driven', { ...completed, callback: null }, 'callback_not_expected'],
    ['the AI has not answered', { status: 'accepted', ...anAcceptedRequest() }, 'callback_not_expected'],
  ] as const)('is refused when %s', (_, state, code) => {
    expect(verdictOn(state, aCallback({ fingerprint: 'f2' }))).toMatchObject({ outcome: 'refused', code });
  });
});
