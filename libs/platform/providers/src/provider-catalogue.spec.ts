import { describe, expect, it } from '@jest/globals';
import type { ProviderAccess } from './ai-provider.js';
import { ProviderCatalogue } from './provider-catalogue.js';
import { ProviderRegistry } from './provider-registry.js';

const catalogue = new ProviderCatalogue();
const nothing = new Map<string, ProviderAccess>();
const stored = (name: string, access: Partial<ProviderAccess>) =>
  new Map([[name, { apiKey: null, baseUrl: null, ...access }]]);

const unreachable = () => Promise.reject(new Error('nobody there'));
const registry = new ProviderRegistry(
  { request: unreachable, requestStream: unreachable },
  { connectTimeoutMs: 1, maxResponseBytes: 1 },
  { offlineFaults: false },
);

describe('the catalogue of providers', () => {
  it('knows every provider that can be called, and names them for one that it does not know', () => {
    for (const name of registry.names) expect(catalogue.unknownProvider(name, nothing)).toBeUndefined();
    expect(catalogue.unknownProvider('opnai', nothing)).toMatch(/no provider "opnai". Use one of .*openai.*base URL/);
    expect(catalogue.unknownProvider('opnai', stored('opnai', { apiKey: 'k' }))).toBeDefined();
  });

  it("knows a name of the project's own by its base URL", () => {
    const own = stored('my-vllm', { baseUrl: 'https://vllm.example.com/v1' });
    expect(catalogue.unknownProvider('my-vllm', own)).toBeUndefined();
    expect(catalogue.lacksCredentials('my-vllm', own)).toBe(false);
    expect(catalogue.lacksCredentials('my-vllm', nothing)).toBe(true);
  });

  it("knows what takes another provider's key", () => {
    expect(catalogue.lacksCredentials('openai-responses', stored('openai', { apiKey: 'k' }))).toBe(false);
  });

  it('knows the names that the operator has added, and no more of them', () => {
    const extended = new ProviderCatalogue(['bedrock', 'anthropic']);
    expect(extended.unknownProvider('bedrock', nothing)).toBeUndefined();
    expect(extended.unknownProvider('opnai', nothing)).toContain('bedrock');
    expect(extended.lacksCredentials('anthropic', nothing)).toBe(true);
    expect(extended.lacksCredentials('bedrock', stored('bedrock', { apiKey: 'k' }))).toBe(false);
    expect(extended.impossibleParameters('anthropic', 'any', { n: 2 })).toBeUndefined();
    expect(extended.unsupportedParameters('anthropic', 'any', { seed: 2 })).toEqual([]);
    expect(catalogue.unsupportedParameters('anthropic', 'claude-sonnet-4-5', { seed: 2 })).toEqual(['seed']);
  });

  const accesses = [null, { apiKey: 'key', baseUrl: null }, { apiKey: null, baseUrl: 'https://ai.example.com/v1' }];

  it.each(registry.names.flatMap((name) => accesses.map((access) => [name, access] as const)))(
    'says of %s with %j what a call would come to',
    async (name, access) => {
      const request = {
        provider: name,
        model: 'any',
        messages: [{ role: 'user', content: 'Hello' }],
        parameters: {},
        structuredOutput: null,
        access,
        workflow: 'demo',
        metadata: {},
      };
      const outcome: unknown = await registry
        .resolve(name, access)
        .generate(request, { signal: new AbortController().signal, timeoutMs: 1_000 })
        .catch((error: unknown) => error);
      const isMissing = (outcome as { code?: string }).code === 'missing_credentials';
      const lacks = catalogue.lacksCredentials(name, access ? new Map([[name, access]]) : nothing);
      expect(lacks).toBe(isMissing);
    },
  );

  it('says which parameters a call would be refused for', () => {
    expect(catalogue.impossibleParameters('anthropic', 'claude-sonnet-4-5', { n: 2 })).toContain('parameter n');
    expect(catalogue.impossibleParameters('anthropic', 'claude-sonnet-4-5', { n: 1, seed: 1 })).toBeUndefined();
    expect(catalogue.impossibleParameters('openai', 'gpt-4o', { n: 2 })).toBeUndefined();
  });
});
