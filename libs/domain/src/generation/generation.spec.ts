import { describe, expect, it } from '@jest/globals';
import type { GenerationAttempt, GenerationPlan } from '@headrace/contracts';
import { anAcceptedRequest } from '../testing/index.js';
import { callbackDeadlineFrom } from './callback-deadline.js';
import { conversationOf, repairConversation } from './conversation.js';
import type { FailedAttempt } from './failed-attempt.js';
import { expiryFailure, failureOf, isExpired } from './generation-failure.js';
import { summariseGeneration } from './generation-summary.js';
import { testModeAnswer } from './test-mode.js';

const primary = { provider: 'openai', model: 'gpt-4o', timeoutMs: 30_000 };
const fallback = { provider: 'mistral', model: 'small', timeoutMs: 10_000 };
const plan: GenerationPlan = { ...anAcceptedRequest().plan, targets: [primary, fallback] };

function anAttempt(overrides: Partial<GenerationAttempt> = {}): GenerationAttempt {
  return {
    provider: 'openai',
    model: 'gpt-4o',
    status: 'error',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 10,
    httpStatus: 429,
    reason: 'HTTP 429: slow down',
    ...overrides,
  };
}

const succeeded = anAttempt({ provider: 'mistral', model: 'small', status: 'success', httpStatus: 200, reason: null });

describe('a generation', () => {
  it('puts the instructions of the workflow before the conversation', () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    expect(conversationOf({ ...plan, systemInstructions: 'Be brief.' }, messages)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ]);
    expect(conversationOf(plan, messages)).toEqual(messages);
    expect(conversationOf({ ...plan, systemInstructions: '' }, messages)).toEqual(messages);
  });

  it('is summed up with what was asked for beside what answered', () => {
    const usage = { promptTokens: 3, completionTokens: 4 };
    const attempts = [anAttempt(), succeeded];
    const facts = { plan, attempts, durationMs: 25, usage, structuredOutput: false, offlineFallback: false };
    expect(summariseGeneration(facts)).toEqual({
      requestedProvider: 'openai',
      requestedModel: 'gpt-4o',
      usedProvider: 'mistral',
      usedModel: 'small',
      durationMs: 25,
      httpStatus: 200,
      usage,
      costUsd: null,
      structuredOutput: false,
      offlineFallback: false,
      attempts,
    });
  });

  it('has status 502 when every attempt failed, whatever the providers said', () => {
    const facts = { plan, attempts: [anAttempt()], durationMs: 1, usage: null };
    expect(summariseGeneration({ ...facts, structuredOutput: false, offlineFallback: false }).httpStatus).toBe(502);
  });
});

describe('the failure of a generation', () => {
  const at = (target: number, attempt: Partial<GenerationAttempt> = {}): FailedAttempt => ({
    attempt: anAttempt({ target, ...attempt }),
  });
  const misfit = { content: '{"title":1}', violations: [{ path: '/title', message: 'must be string' }] };
  const invalid: Partial<GenerationAttempt> = { httpStatus: 200, reason: 'It does not fit.' };

  it("has the last provider's status and reason", () => {
    expect(failureOf([at(0)])).toEqual({
      code: 'provider_failed',
      message: 'HTTP 429: slow down',
      details: { status: 429, message: 'HTTP 429: slow down' },
    });
    const silent = at(1, { httpStatus: null, reason: 'No answer.' });
    expect(failureOf([at(0), at(0), silent])).toEqual({
      code: 'provider_failed',
      message: 'All 2 providers failed. The last one: No answer.',
      details: { status: 502, message: 'No answer.' },
    });
    expect(failureOf([at(0), at(0)]).message).toBe('All 2 attempts failed. The last one: HTTP 429: slow down');
    expect(failureOf([]).details).toEqual({ status: 502, message: 'No provider was tried.' });
  });

  it('says how long the last provider asked to wait', () => {
    const { details } = failureOf([at(0, { retryAfterMs: 9_000 }), at(1, { retryAfterMs: 1_500 })]);
    expect(details).toMatchObject({ status: 429, retry_after_seconds: 1.5 });
  });

  it('keeps an answer that did not fit, with what is wrong with it', () => {
    expect(failureOf([at(0), { ...at(1, invalid), misfit }])).toEqual({
      code: 'structured_output_invalid',
      message: 'All 2 providers failed. The last one: It does not fit.',
      details: { status: 200, message: 'It does not fit.', ...misfit },
    });
    expect(failureOf([{ ...at(0, invalid), misfit }, at(1)])).toMatchObject({
      code: 'provider_failed',
      details: { status: 429, content: misfit.content },
    });
  });

  it('says until when the request was worth an answer', () => {
    const expiresAt = '2026-01-01T00:00:10.000Z';
    expect(isExpired(undefined, expiresAt)).toBe(false);
    expect(isExpired(expiresAt, '2026-01-01T00:00:09.999Z')).toBe(false);
    expect(isExpired(expiresAt, '2026-01-01T00:00:10.000Z')).toBe(true);
    expect(expiryFailure(expiresAt)).toMatchObject({ code: 'expired', message: expect.stringContaining(expiresAt) });
  });
});

describe('a repair', () => {
  const messages = [{ role: 'user', content: 'A card' }];

  it('shows the model its answer and what is wrong with it', () => {
    const violations = [
      { path: '', message: "must have required property 'title'" },
      { path: '/tags', message: 'must be array' },
    ];
    const [asked, answered, corrected] = repairConversation(messages, [{ content: '{}', violations }]);
    expect([asked, answered]).toEqual([...messages, { role: 'assistant', content: '{}' }]);
    expect(corrected).toMatchObject({
      role: 'user',
      content: expect.stringMatching(/- it must have required property 'title'\n- \/tags must be array\n/),
    });
  });

  it('tells what is no JSON from what does not fit, and shows an empty answer as one', () => {
    const repaired = repairConversation(messages, [{ content: '', violations: [] }]);
    expect(repaired.slice(1)).toMatchObject([
      { content: '(empty)' },
      { content: expect.stringMatching(/^Your answer is not valid JSON\./) },
    ]);
    expect(repairConversation(messages, [])).toBe(messages);
  });
});

describe('test mode', () => {
  const startedAt = '2026-01-01T00:00:00.000Z';

  it('answers with sample data in the name of nobody', () => {
    const structured = { ...plan, structuredOutput: { name: 'card', schema: {}, sampleData: null } };
    const { generation, output } = testModeAnswer(structured, { title: 'Sample' }, startedAt, 500);
    expect(output).toEqual({ data: { title: 'Sample' }, content: null });
    expect(generation).toMatchObject({
      requestedProvider: 'openai',
      usedProvider: 'Testing',
      usedModel: 'test-mode',
      httpStatus: 200,
      durationMs: 500,
      structuredOutput: true,
    });
  });

  it('answers with text in the shape of a chat completion when no structure is asked for', () => {
    const { output } = testModeAnswer(plan, null, startedAt, 0);
    expect(output.content).toContain('test mode');
    expect(output.data).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: output.content } }],
    });
  });
});

describe('a callback deadline', () => {
  it('is the window from now, divided by the time scale', () => {
    const now = Date.parse('2026-01-01T00:00:00.000Z');
    expect(callbackDeadlineFrom(now, 300_000, 1)).toBe('2026-01-01T00:05:00.000Z');
    expect(callbackDeadlineFrom(now, 300_000, 100)).toBe('2026-01-01T00:00:03.000Z');
  });

  it('stays a date that sorts by its text, however long the window is', () => {
    expect(callbackDeadlineFrom(0, Number.MAX_SAFE_INTEGER, 0.001)).toBe('9999-12-31T23:59:59.999Z');
  });
});
