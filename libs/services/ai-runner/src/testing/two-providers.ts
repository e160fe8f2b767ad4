import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { FakeReceiver } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { AiRunnerHarness, type HarnessParts } from './ai-runner.harness.js';

const apiKey = 'sk-test-0123456789';

/** Targets at the fake server, and one without a server. */
export const openai = { provider: 'openai', model: 'gpt-4o', timeoutMs: 2_000 };
export const mistral = { provider: 'mistral', model: 'small', timeoutMs: 2_000 };
export const offline = { provider: 'offline', model: 'any', timeoutMs: 2_000 };

/** A fake server of two providers for the tests of a file, and ai-runners that are closed after each. */
export function twoProviders() {
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
  return {
    get server() {
      return server;
    },
    /** An ai-runner whose project has credentials for both. */
    aRunner(parts: HarnessParts = {}): AiRunnerHarness {
      const credentials = ['openai', 'mistral'].map((provider) => ({ provider, apiKey, baseUrl: `${server.url}/v1` }));
      const harness = new AiRunnerHarness({ credentials, ...parts });
      open.push(harness);
      return harness;
    },
  };
}
