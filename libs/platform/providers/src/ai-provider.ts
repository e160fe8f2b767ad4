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
  /** Which provider call this is for the client's request, from 1; only the offline provider looks at it. */
  readonly attempt?: number;
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

/** Limits of one streamed call, and where its pieces go. */
export interface StreamOptions extends GenerateOptions {
  /** Told of each piece as it comes, in order. It must not throw. */
  readonly onDelta: (delta: AnswerDelta) => void;
  /** Longest silence of the provider once it has begun, in milliseconds; left out: only the whole time counts. */
  readonly idleMs?: number;
}

/** A piece of an answer, as OpenAI's `chat.completion.chunk` has it in `choices[0].delta`. */
export interface AnswerDelta {
  /** Text that follows on what came before; left out when the piece has none. */
  readonly content?: string;
  /** Pieces of tool calls with their `index`; a call's first piece has `id`, `type` and `function.name`. */
  readonly toolCalls?: readonly JsonObject[];
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

  /**
   * The same with the answer told piece by piece. Resolves to all of it, put together as if it had come at once; a
   * failure may come after pieces were told.
   */
  stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer>;
}

/** A stream of one piece: for a provider whose answer comes whole. */
export async function streamWhole(
  provider: Pick<AiProvider, 'generate'>,
  request: GenerationRequest,
  options: StreamOptions,
): Promise<ProviderAnswer> {
  return toldWhole(await provider.generate(request, options), options);
}

/** Tells an answer that came whole as one piece. */
export function toldWhole(answer: ProviderAnswer, { onDelta }: Pick<StreamOptions, 'onDelta'>): ProviderAnswer {
  const { content, toolCalls } = answer;
  if (content !== null || toolCalls.length > 0) {
    onDelta({
      ...(content === null ? {} : { content }),
      ...(toolCalls.length === 0 ? {} : { toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }),
    });
  }
  return answer;
}
