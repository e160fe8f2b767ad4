import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { openAiWire } from '@headrace/providers/testing';
import { FakeReceiver } from '@headrace/testing';
import { AiRunnerHarness, anAccepted, type HarnessParts } from './testing/ai-runner.harness.js';

const apiKey = 'sk-test-0123456789';
const schema = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
};
const structuredOutput = { name: 'card', schema, sampleData: null };
const openai = { provider: 'openai', model: 'gpt-4o', timeoutMs: 2_000 };
const mistral = { provider: 'mistral', model: 'small', timeoutMs: 2_000 };
const offline = { provider: 'offline', model: 'any', timeoutMs: 2_000 };

let server: FakeReceiver;
const open: AiRunnerHarness[] = [];

beforeAll(async () => {
  server = await FakeReceiver.start();
});
beforeEach(() => {
  Logger.overrideLogger(false);
});
afterEach(async () => {
  server.reset();
  await Promise.all(open.splice(0).map((harness) => harness.close()));
});
afterAll(() => server.stop());

/** An ai-runner whose project has credentials for two providers, both at the fake server. */
function aRunner(parts: HarnessParts = {}): AiRunnerHarness {
  const credentials = ['openai', 'mistral'].map((provider) => ({ provider, apiKey, baseUrl: `${server.url}/v1` }));
  const harness = new AiRunnerHarness({ credentials, ...parts });
  open.push(harness);
  return harness;
}

describe('an accepted request', () => {
  it('completes with the answer in one more event', async () => {
    const { types, data } = await aRunner().run();
    expect(types).toEqual(['request.accepted', 'request.completed']);
    expect(data).toMatchObject({
      output: { data: { object: 'chat.completion' }, content: expect.stringContaining('You wrote: Hello') },
      generation: {
        requestedProvider: 'offline',
        usedProvider: 'offline',
        usedModel: 'any',
        httpStatus: 200,
        usage: { promptTokens: expect.any(Number), completionTokens: expect.any(Number) },
        structuredOutput: false,
        attempts: [{ provider: 'offline', status: 'success', reason: null }],
      },
      callback: null,
    });
  });

  it('waits for the callback when it is event-driven, for as long as the scaled window says', async () => {
    const before = Date.now();
    const { types, data } = await aRunner({ timeScale: 100 }).run(
      anAccepted({}, { eventName: 'ready', callbackWindowMs: 300_000 }),
    );
    expect(types).toEqual(['request.accepted', 'request.generated']);
    const { generatedAt, callbackDeadline } = data as { generatedAt: string; callbackDeadline: string };
    expect(Date.parse(callbackDeadline) - Date.parse(generatedAt)).toBe(3_000);
    expect(Date.parse(generatedAt)).toBeGreaterThanOrEqual(before);
  });

  it('carries on the trace of what caused it', async () => {
    const runner = aRunner();
    const accepted = await runner.accept();
    await runner.deliver(accepted);
    expect(runner.log.all.at(-1)).toMatchObject({ causationId: accepted.id, traceParent: accepted.traceParent });
  });

  it('gets the parsed object as its data when a structured output is asked for', async () => {
    const { data } = await aRunner().run(anAccepted({ structuredOutput }));
    expect(data).toMatchObject({
      output: { data: { title: expect.any(String) } },
      generation: { structuredOutput: true },
    });
  });

  it('sends the instructions of the workflow first and passes parameters on', async () => {
    server.answerNext(openAiWire.text('Hi'));
    await aRunner().run(
      anAccepted({ targets: [openai], systemInstructions: 'Be brief.', parameters: { temperature: 0 } }),
    );
    expect((await server.next()).json()).toMatchObject({
      model: 'gpt-4o',
      temperature: 0,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
    });
  });

  it('takes a structured answer that is fenced as if it were to be shown', async () => {
    server.answerNext(openAiWire.text('```json\n{"title":"A"}\n```'));
    const { data } = await aRunner().run(anAccepted({ targets: [openai], structuredOutput }));
    expect(data).toMatchObject({ output: { data: { title: 'A' } } });
  });

  it('passes tool calls on instead of asking them to fit the schema', async () => {
    server.answerNext(openAiWire.toolCall());
    const { data } = await aRunner().run(anAccepted({ targets: [openai], structuredOutput }));
    expect(data).toMatchObject({
      output: { data: { choices: [{ finish_reason: 'tool_calls' }] }, content: null },
      generation: { structuredOutput: false },
    });
  });
});

describe('a failed attempt', () => {
  it('is told as it happens, and the next target is asked', async () => {
    server.answerNext(openAiWire.rateLimit('1'), openAiWire.text('From the second'));
    const runner = aRunner();
    const { types, data } = await runner.run(anAccepted({ targets: [openai, mistral] }));
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.completed']);
    expect(runner.log.all[1]?.data).toMatchObject({
      number: 1,
      attempt: {
        provider: 'openai',
        model: 'gpt-4o',
        status: 'error',
        httpStatus: 429,
        reason: expect.stringMatching(/^HTTP 429: Rate limit reached/),
      },
    });
    expect(data).toMatchObject({
      output: { content: 'From the second' },
      generation: {
        requestedProvider: 'openai',
        usedProvider: 'mistral',
        attempts: [{ status: 'error' }, { status: 'success' }],
      },
    });
  });

  it.each([
    ['{"title":1,"more":true}', /^The answer does not fit the schema: .*\/title must be string/],
    ['Sure! Here it is:', /^The answer is not JSON\.$/],
  ])('is an answer that does not fit the schema: %s', async (content, reason) => {
    server.answerNext(openAiWire.text(content));
    const { data } = await aRunner().run(anAccepted({ targets: [openai, offline], structuredOutput }));
    expect(data).toMatchObject({
      generation: { attempts: [{ httpStatus: 200, reason: expect.stringMatching(reason) }, { status: 'success' }] },
    });
  });

  it.each([
    ['openai', 'Provider credentials not configured', []],
    ['nobody', /^There is no provider "nobody"/, []],
    ['openai', 'Provider credentials not configured', [{ provider: 'openai', apiKey: null, baseUrl: null }]],
  ])('is a target "%s" that cannot be asked: %s', async (provider, reason, credentials) => {
    const { types, data } = await aRunner({ credentials }).run(anAccepted({ targets: [{ ...openai, provider }] }));
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.failed']);
    const matching = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(data).toMatchObject({ code: 'provider_failed', message: matching });
  });

  it('ends at its own time limit', async () => {
    server.answerNext(openAiWire.hanging());
    const { data } = await aRunner().run(anAccepted({ targets: [{ ...openai, timeoutMs: 100 }, offline] }));
    expect(data).toMatchObject({
      generation: { attempts: [{ reason: 'The provider did not answer within 100 ms.' }, { status: 'success' }] },
    });
  });
});

describe('when every target failed', () => {
  it('the request fails with the reason of the last one', async () => {
    server.answerNext(openAiWire.rateLimit('1'), openAiWire.serverError());
    const { data } = await aRunner().run(anAccepted({ targets: [openai, mistral] }, { eventName: 'ready' }));
    expect(data).toMatchObject({
      code: 'provider_failed',
      message: expect.stringMatching(/^All 2 providers failed\. The last one: HTTP 500/),
      details: { status: 500, message: expect.stringMatching(/^HTTP 500/) },
      generation: { httpStatus: 502, usedProvider: 'mistral', attempts: [{}, {}] },
      output: null,
    });
  });

  it('an offline answer of the right shape stands in if the workflow allows it', async () => {
    server.answerNext(openAiWire.serverError());
    const { types, data } = await aRunner().run(
      anAccepted({ targets: [openai], structuredOutput, offlineFallback: true }, { customerData: { error: 500 } }),
    );
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.completed']);
    expect(data).toMatchObject({
      output: { data: { title: expect.any(String) } },
      generation: {
        offlineFallback: true,
        structuredOutput: true,
        httpStatus: 200,
        usedProvider: 'offline',
        attempts: [
          { provider: 'openai', status: 'error' },
          { provider: 'offline', status: 'success' },
        ],
      },
    });
  });
});

describe('a schema that cannot be used', () => {
  it('fails the request before any provider is paid', async () => {
    const broken = { ...structuredOutput, schema: { $ref: 'https://example.com/s.json' } };
    const { types, data } = await aRunner().run(anAccepted({ targets: [openai], structuredOutput: broken }));
    expect(types).toEqual(['request.accepted', 'request.failed']);
    expect(data).toMatchObject({ message: expect.stringMatching(/^The schema cannot be used/), generation: null });
    expect(server.requests).toHaveLength(0);
  });
});

describe('test mode', () => {
  const testing = { testMode: true };

  it('answers with the sample data after the delay, without a provider', async () => {
    const sampled = { ...structuredOutput, sampleData: { title: 'Sample' } };
    const { data } = await aRunner().run(
      anAccepted({ targets: [openai], structuredOutput: sampled, testDelayMs: 30 }, testing),
    );
    expect(data).toMatchObject({
      output: { data: { title: 'Sample' } },
      generation: { usedProvider: 'Testing', usedModel: 'test-mode', structuredOutput: true },
    });
    const { generation } = data as { generation: { durationMs: number } };
    expect(generation.durationMs).toBeGreaterThanOrEqual(29);
    expect(server.requests).toHaveLength(0);
  });

  it('makes sample data up where there is none', async () => {
    const { data } = await aRunner().run(anAccepted({ structuredOutput }, testing));
    expect(data).toMatchObject({ output: { data: { title: expect.any(String) } } });
  });

  it('answers with a text when no structure is asked for', async () => {
    const { data } = await aRunner().run(anAccepted({}, testing));
    expect(data).toMatchObject({ output: { content: expect.stringContaining('test mode') } });
  });
});

describe('the log of the process', () => {
  it('has one line per attempt, without what was asked and answered', async () => {
    const lines: string[] = [];
    const write = (line: unknown): void => void lines.push(JSON.stringify(line));
    Logger.overrideLogger({ log: write, warn: write, error: write, debug: write, verbose: write, fatal: write });
    server.answerNext(openAiWire.completion({ error: { message: 'cannot parse "a very private question"' } }));
    server.answerNext(openAiWire.text('a very private answer'));
    const accepted = anAccepted({ targets: [openai, mistral], systemInstructions: 'very private instructions' });
    await aRunner().run({ ...accepted, messages: [{ role: 'user', content: 'a very private question' }] });
    expect(lines).toEqual([
      expect.stringMatching(/"provider":"openai".*"status":"error"/),
      expect.stringMatching(/"provider":"mistral".*"status":"success"/),
    ]);
    expect(lines.join()).not.toContain('private');
    expect(lines.join()).not.toContain(apiKey);
  });
});
