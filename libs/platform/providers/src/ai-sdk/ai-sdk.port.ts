import type { Json, JsonObject } from '@headrace/contracts';

/**
 * The part of `@ai-sdk/provider` that is used, in its versions 2 to 4, so that no package is needed where none is
 * configured. What comes back is read as JSON: each version may say more.
 */
export interface AiSdkModel {
  readonly specificationVersion: string;
  doGenerate(options: AiSdkCall): PromiseLike<JsonObject>;
  doStream(options: AiSdkCall): PromiseLike<{ readonly stream: ReadableStream<AiSdkPart> }>;
}

/** What a package's provider is made with; credentials may add options of the package's own. */
export interface AiSdkOptions {
  readonly [option: string]: unknown;
  readonly name: string;
  readonly apiKey?: string;
  readonly baseURL?: string;
  readonly fetch: typeof fetch;
}

/** Makes a package's provider: `createAmazonBedrock` and the like. */
export type AiSdkFactory = (options: AiSdkOptions) => { languageModel(model: string): AiSdkModel };

/** A piece of a stream. An `error` is whatever went wrong. */
export type AiSdkPart = { readonly [member: string]: Json | undefined } | { type: 'error'; error: unknown };

/** A call; `prompt` and the rest in the packages' own words. */
export interface AiSdkCall {
  readonly [option: string]: unknown;
  readonly prompt: readonly AiSdkMessage[];
  readonly abortSignal: AbortSignal;
}

/** A message of a prompt. Parts may hold a `URL`, which JSON cannot. */
export interface AiSdkMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly Readonly<Record<string, unknown>>[];
}

/** Versions of the interface that are understood. */
export const understoodVersions: readonly string[] = ['v2', 'v3', 'v4'];
