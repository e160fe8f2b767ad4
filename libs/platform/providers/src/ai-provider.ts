import type { ChatMessage, JsonObject, TokenUsage } from '@headrace/contracts';
import type { CompiledSchema } from './schema/compiled-schema.js';

/** What a provider is asked. Parameters go by their OpenAI names: temperature, max_tokens, tools, tool_choice, … */
export interface GenerationRequest {
  /** The provider as the workflow names it, for error messages. */
  readonly provider: string;
  readonly model: string;
  /** The conversation, system instructions included. */
  readonly messages: readonly ChatMessage[];
  readonly parameters: JsonObject;
  /** The shape that the answer must have; null: free text. */
  readonly structuredOutput: { readonly name: string; readonly schema: CompiledSchema } | null;
  /** How to reach the provider; null when the project has no credentials for it. */
  readonly access: ProviderAccess | null;
  /** Name of the workflow and what the client sent along; never passed on to a remote provider. */
  readonly workflow: string;
  readonly metadata: JsonObject;
}

/** A project's access to a provider. */
export interface ProviderAccess {
  readonly apiKey: string | null;
  /** Where its API is; null: the provider's usual address. */
  readonly baseUrl: string | null;
}

/** Limits of one call. */
export interface GenerateOptions {
  /** Gives the call up; it then rejects with code `aborted`. */
  readonly signal: AbortSignal;
  /** From the call to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** A provider's answer. */
export interface ProviderAnswer {
  /** In the shape of OpenAI's `chat.completion`, with whatever else the provider put there. */
  readonly body: JsonObject;
  /** The text of the first choice; null when it only calls tools. */
  readonly content: string | null;
  /** Tool calls of the first choice, as OpenAI writes them; usually none. */
  readonly toolCalls: readonly JsonObject[];
  /** Null when the provider does not say. */
  readonly usage: TokenUsage | null;
  /** `stop`, `length`, `tool_calls`, …; null when the provider does not say. */
  readonly finishReason: string | null;
}

/**
 * One kind of AI provider. It makes exactly one call and never retries: the log owns every attempt.
 * Every failure is a `ProviderError`.
 */
export interface AiProvider {
  generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer>;
}
