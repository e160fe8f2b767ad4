import { describe, expect, it } from '@jest/globals';
import { AiSdkProvider } from './ai-sdk/ai-sdk.provider.js';
import { ProviderRegistry } from './provider-registry.js';

const limits = { connectTimeoutMs: 1, maxResponseBytes: 1 };
const unused = () => Promise.reject(new Error('unused'));
const http = { request: unused, requestStream: unused };
const registry = new ProviderRegistry(http, limits, { offlineFaults: false });

describe('the providers', () => {
  it('are found by name', () => {
    expect(registry.names).toEqual(
      expect.arrayContaining([
        'offline',
        'anthropic',
        'google',
        'cohere',
        'openai-compatible',
        'openai',
        'mistral',
        'xai',
        'openrouter',
        'ollama',
        'openai-responses',
        'azure-openai',
      ]),
    );
    for (const name of registry.names) expect(registry.resolve(name, null)).toBeDefined();
  });

  it("may have a name of the project's own when a base URL is stored for it", () => {
    const own = registry.resolve('my-ollama', { apiKey: null, baseUrl: 'http://127.0.0.1:11434/v1' });
    expect(own).toBe(registry.resolve('openai-compatible', null));
  });

  it('include the packages that the operator names, before any other of the name', () => {
    const factory = () => ({ languageModel: () => Promise.reject(new Error('unused')) as never });
    const aiSdkPackages = new Map([
      ['bedrock', factory],
      ['cohere', factory],
    ]);
    const extended = new ProviderRegistry(http, limits, { offlineFaults: false, aiSdkPackages });
    expect(extended.names).toContain('bedrock');
    for (const name of aiSdkPackages.keys()) expect(extended.resolve(name, null)).toBeInstanceOf(AiSdkProvider);
  });

  it("lend OpenAI's credentials to its other API, unless it has some of its own", () => {
    const openai = { apiKey: 'a', baseUrl: null };
    const own = { apiKey: 'b', baseUrl: null };
    const stored = new Map([['openai', openai]]);
    expect(registry.accessTo('openai-responses', stored)).toBe(openai);
    expect(registry.accessTo('openai-responses', stored.set('openai-responses', own))).toBe(own);
    expect(registry.accessTo('azure-openai', stored)).toBeNull();
  });

  it.each(['nobody', 'toString', '__proto__', ''])('do not include "%s"', (name) => {
    expect(() => registry.resolve(name, { apiKey: 'k', baseUrl: null })).toThrow(
      /^There is no provider ".*"\. Use one of offline/,
    );
  });
});
