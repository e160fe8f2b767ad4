import { describe, expect, it } from '@jest/globals';
import type { ProviderAccess } from './ai-provider.js';
import type { HttpCall, HttpClient } from './http-client.port.js';
import { ProviderRegistry } from './provider-registry.js';
import { aGenerationRequest } from './testing/generation-request.fixtures.js';

const nowhere = Object.assign(new Error('No call leaves this test.'), { code: 'connect_failed' });

/** The address that a provider would be called at. */
async function addressOf(provider: string, model: string, access: ProviderAccess): Promise<string> {
  const calls: HttpCall[] = [];
  const refuse = (call: HttpCall): Promise<never> => {
    calls.push(call);
    return Promise.reject(nowhere);
  };
  const http: HttpClient = { request: refuse, requestStream: refuse };
  const limits = { connectTimeoutMs: 1, maxResponseBytes: 1 };
  const registry = new ProviderRegistry(http, limits, { offlineFaults: false });
  const request = { ...aGenerationRequest(provider, { model }), access };
  const options = { signal: new AbortController().signal, timeoutMs: 1 };
  await expect(registry.resolve(provider, access).generate(request, options)).rejects.toMatchObject({
    code: 'connection_failed',
  });
  return calls.map(({ url }) => url).join();
}

describe('a provider with an API of its own', () => {
  it.each([
    ['anthropic', 'claude-opus-5-5', 'https://api.anthropic.com/v1/messages'],
    [
      'google',
      'gemini-3.7-flash',
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.7-flash:generateContent',
    ],
    ['cohere', 'command-a-03-2025', 'https://api.cohere.com/v2/chat'],
  ])('is called at its usual address, or at that of the credentials: %s', async (provider, model, url) => {
    expect(await addressOf(provider, model, { apiKey: 'k', baseUrl: null })).toBe(url);
    const own = await addressOf(provider, model, { apiKey: null, baseUrl: 'https://gateway.example/ai//' });
    expect(own).toBe(`https://gateway.example/ai/${url.split(/\/v\w+\//)[1]}`);
  });
});
