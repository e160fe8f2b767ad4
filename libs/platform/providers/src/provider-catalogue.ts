import type { JsonObject } from '@headrace/contracts';
import type { ProviderAccess } from './ai-provider.js';
import { azureOpenAiProviderName } from './azure-openai/azure-openai.provider.js';
import type { HttpClient } from './http-client.port.js';
import { offlineProviderName } from './offline/offline.provider.js';
import { usableAccess } from './openai-compatible/openai-compatible.provider.js';
import { anyAddressPreset, providerPresets } from './openai-compatible/provider-presets.js';
import { sendableParameters } from './parameters/native-parameters.js';
import { unsupportedParameters } from './parameters/unsupported-parameters.js';
import { ProviderError } from './provider-error.js';
import { openAiCompatibleProviderName, ProviderRegistry } from './provider-registry.js';

const refuse = () => Promise.reject(new Error('A catalogue calls nobody.'));
const nobody: HttpClient = { request: refuse, requestStream: refuse };

const makeNone = (): never => {
  throw new Error('A catalogue calls nobody.');
};

type Needs = Parameters<typeof usableAccess>[1];

/** A public API has its address and wants a key. */
const publicApi: Needs = { baseUrl: 'its own', needsKey: true };

/** What is known of the providers without calling them: for whoever checks what people save. */
export class ProviderCatalogue {
  readonly #further: ReadonlySet<string>;
  readonly #registry: ProviderRegistry;

  /** `further`: names of providers that the operator has added; nothing more is known of them. */
  constructor(further: readonly string[] = []) {
    this.#further = new Set(further);
    const aiSdkPackages = new Map(further.map((name) => [name, makeNone] as const));
    const limits = { connectTimeoutMs: 1, maxResponseBytes: 1 };
    this.#registry = new ProviderRegistry(nobody, limits, { offlineFaults: false, aiSdkPackages });
  }

  /** Why there is no provider of a name, with those that there are; undefined when there is one. */
  unknownProvider(name: string, stored: ReadonlyMap<string, ProviderAccess>): string | undefined {
    return problemOf(() => this.#registry.resolve(name, this.#registry.accessTo(name, stored)));
  }

  /** Whether a call of a provider would fail for want of credentials. */
  lacksCredentials(name: string, stored: ReadonlyMap<string, ProviderAccess>): boolean {
    const access = this.#registry.accessTo(name, stored);
    // It decides for itself what it needs of what is stored.
    if (this.#further.has(name)) return access?.apiKey == null && access?.baseUrl == null;
    // Its address is the customer's and its key is checked there: neither can be done without.
    if (name === azureOpenAiProviderName) return access?.apiKey == null || access.baseUrl === null;
    const needs = this.#needsOf(name);
    return needs !== null && problemOf(() => usableAccess(access, needs)) !== undefined;
  }

  /** Why a call with these parameters would be refused before it is made; undefined when it would not. */
  impossibleParameters(provider: string, model: string, parameters: JsonObject): string | undefined {
    if (this.#further.has(provider)) return undefined;
    return problemOf(() => sendableParameters(provider, model, parameters));
  }

  /** Which of these parameters are left out of the calls of a model, because it does not take them. */
  unsupportedParameters(provider: string, model: string, parameters: JsonObject): string[] {
    return this.#further.has(provider) ? [] : unsupportedParameters(provider, model, parameters);
  }

  #needsOf(name: string): Needs | null {
    if (name === offlineProviderName) return null;
    if (Object.hasOwn(providerPresets, name)) return providerPresets[name] ?? null;
    return name === openAiCompatibleProviderName || !this.#registry.names.includes(name) ? anyAddressPreset : publicApi;
  }
}

function problemOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ProviderError) return error.message;
    throw error;
  }
}
