import { afterEach, describe, expect, it } from '@jest/globals';
import type { ModelPrice } from '@headrace/contracts';
import { aGeneration } from '@headrace/domain/testing';
import { metrics } from '@headrace/telemetry';
import { AiRunnerHarness, anAccepted } from '../testing/ai-runner.harness.js';
import { GenerationCost } from './generation-cost.js';

const offline: ModelPrice = { provider: 'offline', model: '*', inputUsd: 1, outputUsd: 2, cachedInputUsd: null };
const own = (version: number, prices: readonly ModelPrice[]) => ({ version, prices, note: null, createdAt: null });
let runner: AiRunnerHarness | undefined;

afterEach(() => runner?.close());

describe('what a generation cost', () => {
  it('is recorded with it, at the prices of the operator', async () => {
    runner = new AiRunnerHarness({ prices: own(1, [offline]) });
    const before = metrics.generationCost.with('offline').value;
    await runner.deliver(await runner.accept(anAccepted()));
    const [, completed] = runner.log.all;
    const { usage, costUsd } = (completed?.data as { generation: ReturnType<typeof aGeneration> }).generation;
    expect(usage).not.toBeNull();
    expect(costUsd).toBeCloseTo(((usage?.promptTokens ?? 0) + 2 * (usage?.completionTokens ?? 0)) / 1_000_000, 10);
    expect(costUsd).toBeGreaterThan(0);
    expect(metrics.generationCost.with('offline').value - before).toBeCloseTo(costUsd ?? 0, 10);
  });

  it('follows the prices as soon as others are known', () => {
    const store = { current: own(0, []) };
    const cost = new GenerationCost(store);
    const generation = aGeneration({
      usedProvider: 'azure-openai',
      usedModel: 'mine',
      usage: { promptTokens: 1_000_000, completionTokens: 0 },
      attempts: [],
    });
    expect(cost.priced(generation).costUsd).toBeNull();
    store.current = own(1, [{ ...offline, provider: 'azure-openai', model: 'mine' }]);
    expect(cost.priced(generation).costUsd).toBe(1);
  });
});
