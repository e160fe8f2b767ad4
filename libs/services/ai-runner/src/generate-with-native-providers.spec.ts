import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  anthropicProviderWire,
  anthropicWire,
  cohereProviderWire,
  googleProviderWire,
  streamAnswer,
  type ProviderWire,
} from '@headrace/providers/testing';
import { FakeReceiver } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { AiRunnerHarness, anAccepted } from './testing/ai-runner.harness.js';

const apiKey = 'sk-test-0123456789';
const wires: readonly ProviderWire[] = [anthropicProviderWire, googleProviderWire, cohereProviderWire];
const named = wires.map((wire) => [wire.request.provider, wire] as const);

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

/** An ai-runner whose project has credentials for all of them, at the fake server. */
function aRunner(): AiRunnerHarness {
  const credentials = wires.map(({ request }) => ({ ...request, apiKey, baseUrl: `${server.url}/v1` }));
  const harness = new AiRunnerHarness({ credentials });
  open.push(harness);
  return harness;
}

const targetOf = ({ request }: ProviderWire, model = request.model) => ({ ...request, model, timeoutMs: 2_000 });

describe('a workflow whose provider has an API of its own', () => {
  it.each(named)('is answered by %s with the stored credentials', async (provider, wire) => {
    const { start, text, end } = wire.stream;
    server.answerNext(streamAnswer([...start, text('H'), text('i'), ...end]));
    const runner = aRunner();
    const { data } = await runner.run(anAccepted({ targets: [targetOf(wire)] }));
    expect(runner.told.map(({ content }) => content ?? '').join('')).toBe('Hi');
    expect(data).toMatchObject({
      output: { data: { object: 'chat.completion', choices: [{ finish_reason: 'stop' }] }, content: 'Hi' },
      generation: { usedProvider: provider, usage: { promptTokens: 19, completionTokens: 10 } },
    });
    const { path, headers } = await server.next();
    const [header, value] = wire.key(apiKey);
    expect(path).toBe(`/v1${wire.paths.stream}`);
    expect(headers[header]).toBe(value);
  });

  it.each(named)('gets the tool calls of %s as OpenAI writes them', async (_provider, wire) => {
    server.answerNext(wire.whole.toolCalls());
    const { data } = await aRunner().run(anAccepted({ targets: [targetOf(wire)] }));
    expect(data).toMatchObject({
      output: {
        data: {
          choices: [
            {
              finish_reason: 'tool_calls',
              message: { tool_calls: [{ type: 'function', function: { arguments: '{"city":"Oslo"}' } }, {}] },
            },
          ],
        },
      },
    });
  });

  it('gets the object that a tool took as the answer', async () => {
    server.answerNext(anthropicWire.toolUse('structured_answer', { title: 'Ada' }));
    const schema = { type: 'object', properties: { title: { type: 'string' } } };
    const { data } = await aRunner().run(
      anAccepted({
        targets: [targetOf(anthropicProviderWire, 'claude-3-7-sonnet-latest')],
        structuredOutput: { name: 'card', schema, sampleData: null },
      }),
    );
    expect(data).toMatchObject({ output: { data: { title: 'Ada' } }, generation: { structuredOutput: true } });
  });

  it('falls back from one to the next, in the same words', async () => {
    const [overload] = anthropicProviderWire.whole.errors;
    const daily = googleProviderWire.whole.errors.find(({ name }) => name === 'a quota that counts days');
    server.answerNext(overload?.answer ?? {}, daily?.answer ?? {}, cohereProviderWire.whole.text('Hi'));
    const { data } = await aRunner().run(anAccepted({ targets: wires.map((wire) => targetOf(wire)) }));
    expect(data).toMatchObject({
      output: { content: 'Hi' },
      generation: {
        usedProvider: 'cohere',
        attempts: [
          { provider: 'anthropic', status: 'error', httpStatus: 529, reason: 'HTTP 529: Overloaded' },
          { provider: 'google', status: 'error', httpStatus: 429, code: 'rate_limited' },
          { provider: 'cohere', status: 'success' },
        ],
      },
    });
    expect(server.requests.map(({ path }) => path)).toEqual(wires.map(({ paths }) => `/v1${paths.stream}`));
  });
});
