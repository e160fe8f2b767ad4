import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openAiWire, responsesWire } from '@headrace/providers/testing';
import { FakeReceiver } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { AiRunnerHarness, anAccepted } from './testing/ai-runner.harness.js';

const apiKey = 'sk-test-0123456789';
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

/** An ai-runner whose project has stored credentials for one provider, at the fake server. */
function aRunnerWith(provider: string, credential: { apiKey: string | null; path: string }): AiRunnerHarness {
  const baseUrl = `${server.url}${credential.path}`;
  const harness = new AiRunnerHarness({ credentials: [{ provider, apiKey: credential.apiKey, baseUrl }] });
  open.push(harness);
  return harness;
}

describe('a workflow with stored credentials', () => {
  it.each([
    ['openai', 'openai', { apiKey, path: '/v1' }, openAiWire.text('Hi'), '/v1/chat/completions'],
    ['openai-responses', 'openai-responses', { apiKey, path: '/v1' }, responsesWire.text('Hi'), '/v1/responses'],
    ['openai-responses', 'openai', { apiKey, path: '/v1' }, responsesWire.text('Hi'), '/v1/responses'],
    ['azure-openai', 'azure-openai', { apiKey, path: '' }, openAiWire.text('Hi'), '/openai/v1/chat/completions'],
    ['vllm', 'vllm', { apiKey: null, path: '/v1' }, openAiWire.text('Hi'), '/v1/chat/completions'],
    ['my-server', 'my-server', { apiKey: null, path: '/v1' }, openAiWire.text('Hi'), '/v1/chat/completions'],
  ])('is answered by %s with those of %s', async (provider, stored, credential, answer, path) => {
    server.answerNext(answer);
    const { data } = await aRunnerWith(stored, credential).run(
      anAccepted({ targets: [{ provider, model: 'gpt-4o', timeoutMs: 2_000 }] }),
    );
    expect(data).toMatchObject({
      output: { data: { object: 'chat.completion' }, content: 'Hi' },
      generation: { usedProvider: provider, usage: { promptTokens: 19, completionTokens: 10 } },
    });
    expect((await server.next()).path).toBe(path);
  });
});
