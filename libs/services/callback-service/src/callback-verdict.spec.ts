import { describe, expect, it } from '@jest/globals';
import {
  aCallback,
  aGeneration,
  anAcceptedRequest,
  anOutput,
  aStageCallback,
  aToolCallingOutput,
  aToolResultCallback,
} from '@headrace/domain/testing';
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

describe('a callback of a request that was continued', () => {
  const earlier = { promptTokens: 0, completionTokens: 0, costUsd: null, durationMs: 0 };
  const progress = { round: 2, stage: 1, toolRounds: 2, answered: ['f0', 'f1'], earlier };
  const at = { ...common, context: { ...context, progress } };
  const waiting = {
    status: 'generated',
    ...at,
    generatedAt: '2026-01-01T00:00:03.000Z',
    callbackDeadline: '2026-01-01T00:05:00.000Z',
  } as const;
  const called = (fingerprint: string) => aCallback({ fingerprint });

  it('is a repetition when an earlier round had it, also after the end', () => {
    const again = { outcome: 'repeated', ended: false };
    expect(verdictOn(waiting, called('f0'))).toEqual(again);
    expect(verdictOn(waiting, called('f1'), 1)).toEqual(again);
    expect(verdictOn({ ...completed, ...at, callback: called('f2') }, called('f1'))).toEqual(again);
  });

  it('is refused when the round that it names had another, or has not begun', () => {
    const refused = { outcome: 'refused', code: 'callback_already_received' };
    expect(verdictOn(waiting, called('f9'), 0)).toMatchObject(refused);
    expect(verdictOn(waiting, called('f0'), 1)).toMatchObject(refused);
    expect(verdictOn(waiting, called('f9'), 3)).toMatchObject({ outcome: 'refused', code: 'callback_not_expected' });
  });

  it('is not expected while the AI is asked once more', () => {
    const asked = {
      status: 'continued',
      ...anAcceptedRequest(),
      context: at.context,
      round: 2,
      reason: 'stage',
      callback: called('f1'),
      continuedAt: '2026-01-01T00:00:03.000Z',
    } as const;
    expect(verdictOn(asked, called('f9'), 2)).toMatchObject({ outcome: 'refused', code: 'callback_not_expected' });
  });

  it('is invalid when its results answer no calls, or no further workflow may follow', () => {
    const results = aToolResultCallback(['a']);
    expect(verdictOn(waiting, results)).toMatchObject({ outcome: 'invalid', details: [{ param: 'tool_results' }] });
    const calling = { ...waiting, output: aToolCallingOutput('b') };
    expect(verdictOn(calling, results)).toMatchObject({
      details: [{ param: 'tool_results.0.tool_call_id' }, { param: 'tool_results' }],
    });
    expect(verdictOn({ ...waiting, output: aToolCallingOutput('a') }, results)).toMatchObject({ outcome: 'invalid' });
    const last = { ...at.context, progress: { ...progress, stage: 20 } };
    expect(verdictOn({ ...waiting, context: last }, aStageCallback())).toMatchObject({
      outcome: 'invalid',
      details: [{ param: 'continue' }],
    });
  });
});
