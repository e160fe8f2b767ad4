import { describe, expect, it } from '@jest/globals';
import { aGeneration } from '../testing/index.js';
import { listPrices } from './list-prices.js';
import { PriceTable } from './price-table.js';

const usage = { promptTokens: 1_000_000, completionTokens: 100_000 };
const table = new PriceTable();

describe('the price table', () => {
  it('charges prompt and answer each at its price', () => {
    expect(table.costOf('openai', 'gpt-4o', usage)).toBe(3.5);
  });

  it('charges cached prompt tokens at their own price, and reasoning as part of the answer', () => {
    const told = { ...usage, cachedPromptTokens: 400_000, reasoningTokens: 50_000 };
    expect(table.costOf('openai', 'gpt-4o', told)).toBe(0.6 * 2.5 + 0.4 * 1.25 + 1);
    expect(table.costOf('cohere', 'command-a', { ...told, completionTokens: 0 })).toBe(2.5);
  });

  it('charges prompt tokens that are written into a cache at the price for that, and for an hour at its own', () => {
    const written = { promptTokens: 1_000_000, completionTokens: 0, cacheWriteTokens: 600_000 };
    expect(table.costOf('anthropic', 'claude-sonnet-4-5', written)).toBeCloseTo(0.4 * 3 + 0.6 * 3.75, 10);
    const told = { ...written, cachedPromptTokens: 100_000, cacheWriteHourTokens: 200_000 };
    const cost = 0.3 * 3 + 0.1 * 0.3 + 0.4 * 3.75 + 0.2 * 6;
    expect(table.costOf('anthropic', 'claude-sonnet-4-5', told)).toBeCloseTo(cost, 10);
    expect(table.costOf('openrouter', 'anthropic/claude-sonnet-4.5', told)).toBeCloseTo(cost, 10);
    expect(table.costOf('openai', 'gpt-5.6-terra', written)).toBeCloseTo(0.4 * 2 + 0.6 * 2.5, 10);
    expect(table.costOf('openai', 'gpt-4o', written)).toBe(2.5);
  });

  it('charges them as other input where the price does not tell', () => {
    const own = new PriceTable([
      { provider: 'anthropic', model: 'claude-*', inputUsd: 2, outputUsd: 9, cachedInputUsd: null },
      {
        provider: 'anthropic',
        model: 'claude-mine',
        inputUsd: 2,
        outputUsd: 9,
        cachedInputUsd: null,
        cacheWriteUsd: 3,
      },
    ]);
    const written = { promptTokens: 1_000_000, completionTokens: 0, cacheWriteTokens: 1_000_000 };
    expect(own.costOf('anthropic', 'claude-sonnet-4-5', written)).toBe(2);
    expect(own.costOf('anthropic', 'claude-mine', { ...written, cacheWriteHourTokens: 500_000 })).toBe(3);
  });

  it.each([
    ['openai', 'gpt-4o-2024-08-06', 2.5],
    ['openai', 'gpt-4o-mini', 0.15],
    ['openai', 'gpt-4o-mini-2024-07-18', 0.15],
    ['anthropic', 'claude-sonnet-4-20250514', 3],
    ['anthropic', 'claude-3-5-haiku-latest', 0.8],
    ['cohere', 'command-r-plus-08-2024', 2.5],
    ['cohere', 'command-a-03-2025', 2.5],
    ['mistral', 'mistral-small-2506', 0.1],
    ['openai-responses', 'gpt-5-nano', 0.05],
    ['ollama', 'llama3.3:70b', 0],
    ['xai', 'grok-4.20-0309-reasoning', 1.25],
    ['openai', 'gpt-5-2025-08-07', 1.25],
    ['openai', 'gpt-5-chat-latest', 1.25],
    ['anthropic', 'claude-sonnet-4-5-20250929', 3],
    ['anthropic', 'claude-opus-5-5', 4],
    ['google', 'gemini-2.5-pro', 1.25],
    ['google', 'models/gemini-2.5-pro', 1.25],
    ['google', 'models/gemini-2.5-flash-lite-preview-09-2025', 0.1],
    ['google', 'gemini-2.5-pro-preview-06-05', 1.25],
    ['google', 'gemini-3.1-pro-preview', 2],
    ['groq', 'openai/gpt-oss-120b', 0.15],
    ['openrouter', 'openai/gpt-4o-2024-08-06', 2.5],
    ['openrouter', 'anthropic/claude-sonnet-4.5', 3],
    ['openrouter', 'anthropic/claude-3.7-sonnet', 3],
    ['openrouter', 'anthropic/claude-opus-5', 5],
    ['openrouter', 'google/gemini-3.1-pro-preview', 2],
    ['openrouter', 'x-ai/grok-4.20', 1.25],
  ])('knows %s %s', (provider, model, input) => {
    expect(table.priceOf(provider, model)?.inputUsd).toBe(input);
  });

  it.each([
    ['openai', 'gpt-4o-2024-05-13', 5],
    ['mistral', 'mistral-small-latest', 0.15],
    ['cohere', 'command-r-03-2024', 0.5],
  ])('knows that the edition %s %s has its own price', (provider, model, input) => {
    expect(table.priceOf(provider, model)?.inputUsd).toBe(input);
  });

  it.each([
    ['openai', 'gpt-4o-audio'],
    ['openai', 'openai/gpt-4o'],
    ['google', 'tunedModels/gemini-2.5-pro'],
    ['mistral', 'mistral-medium-2312'],
    ['cohere', 'command-a-reasoning-08-2025'],
    ['groq', 'llama-9'],
    ['openrouter', 'gpt-4o'],
    ['openrouter', 'openai/gpt-oss-120b'],
    ['openrouter', 'deepseek/deepseek-v4-pro'],
    ['openrouter', 'google/gemini-2.5-pro:free'],
    ['a-server-of-ours', 'gpt-4o'],
    ['openai', 'gpt-9'],
    ['anthropic', 'gpt-4o'],
    ['azure-openai', 'my-deployment'],
  ])('does not guess the price of %s %s', (provider, model) => {
    expect(table.costOf(provider, model, usage)).toBeNull();
  });

  it('says nothing of an answer whose tokens nobody told', () => {
    expect(table.costOf('openai', 'gpt-4o', null)).toBeNull();
  });

  it("takes the operator's price before the list's, and his more exact one before his beginning", () => {
    const own = new PriceTable([
      { provider: 'openai', model: 'gpt-4o', inputUsd: 1, outputUsd: 1, cachedInputUsd: null },
      { provider: 'azure-openai', model: '*', inputUsd: 2, outputUsd: 2, cachedInputUsd: null },
      { provider: 'azure-openai', model: 'eu-*', inputUsd: 3, outputUsd: 3, cachedInputUsd: null },
    ]);
    expect(own.priceOf('openai', 'gpt-4o')?.inputUsd).toBe(1);
    expect(own.priceOf('azure-openai', 'us-1')?.inputUsd).toBe(2);
    expect(own.priceOf('azure-openai', 'eu-1')?.inputUsd).toBe(3);
  });

  it("takes the operator's price for a beginning before the list's for the name, and the list's where none fits", () => {
    const own = new PriceTable([
      { provider: 'openrouter', model: 'openai/gpt-4o*', inputUsd: 2, outputUsd: 9, cachedInputUsd: null },
    ]);
    expect(own.priceOf('openrouter', 'openai/gpt-4o')?.inputUsd).toBe(2);
    expect(own.priceOf('openrouter', 'openai/gpt-5')?.inputUsd).toBe(1.25);
  });

  it("lists the operator's price instead of the list's for the same name", () => {
    const mine = { provider: 'openai', model: 'gpt-4o', inputUsd: 1, outputUsd: 1, cachedInputUsd: null };
    const { prices } = new PriceTable([mine]);
    expect(prices).toHaveLength(listPrices.length);
    expect(prices.filter(({ provider, model }) => provider === 'openai' && model === 'gpt-4o')).toEqual([mine]);
  });

  it("does not take the operator's price with a maker for what a seller asks", () => {
    const own = new PriceTable([
      { provider: 'openai', model: 'gpt-4o', inputUsd: 1, outputUsd: 1, cachedInputUsd: null },
    ]);
    expect(own.priceOf('openai-responses', 'gpt-4o')?.inputUsd).toBe(1);
    expect(own.priceOf('openrouter', 'openai/gpt-4o')?.inputUsd).toBe(2.5);
  });

  it('charges a generation for the answers that could not be used, too', () => {
    const [attempt] = aGeneration().attempts;
    const generation = aGeneration({
      usedProvider: 'openai',
      usedModel: 'gpt-4o',
      usage,
      attempts: [
        { ...attempt, provider: 'openai', model: 'gpt-4o-mini', status: 'error', usage },
        { ...attempt, provider: 'openai', model: 'gpt-4o', status: 'success' },
      ] as ReturnType<typeof aGeneration>['attempts'],
    });
    expect(table.costOfGeneration(generation)).toBeCloseTo(3.5 + 0.21);
    expect(table.costOfGeneration({ ...generation, usage: null, attempts: [] })).toBeNull();
  });

  it('lists each model once, with prices that are none below nothing', () => {
    expect(table.prices).toHaveLength(listPrices.length);
    for (const { inputUsd, outputUsd, cachedInputUsd } of listPrices) {
      expect(inputUsd).toBeGreaterThanOrEqual(0);
      expect(outputUsd).toBeGreaterThanOrEqual(0);
      expect(cachedInputUsd ?? 0).toBeLessThanOrEqual(inputUsd);
    }
  });
});
