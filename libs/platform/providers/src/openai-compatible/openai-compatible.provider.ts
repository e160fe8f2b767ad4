import {
  streamWhole,
  type AiProvider,
  type GenerateOptions,
  type GenerationRequest,
  type ProviderAccess,
  type ProviderAnswer,
  type StreamOptions,
} from '../ai-provider.js';
import type { HttpAnswer, HttpClient } from '../http-client.port.js';
import { ProviderError } from '../provider-error.js';
import { chatCompletionRequest } from './chat-completion.request.js';
import { readChatCompletion } from './chat-completion.response.js';
import { hideKey } from './hide-key.js';
import { errorOfAnswer, errorOfFailure } from './provider-error-of.js';

/** Limits of calls to remote providers. */
export interface RemoteLimits {
  /** Longest wait for a new connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Largest answer, in bytes. */
  readonly maxResponseBytes: number;
}

/** Any API that speaks OpenAI's chat completions: OpenAI itself, Ollama, vLLM, llama.cpp, gateways. */
export class OpenAiCompatibleProvider implements AiProvider {
  /** `defaultBaseUrl`: where the API is when the credentials do not say; null: they must. */
  constructor(
    private readonly http: HttpClient,
    private readonly limits: RemoteLimits,
    private readonly defaultBaseUrl: string | null,
  ) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    const { apiKey, baseUrl } = this.usable(request.access);
    try {
      const answer = await this.post(baseUrl, apiKey, request, options);
      if (answer.status !== 200) throw errorOfAnswer(answer, Date.now());
      if (answer.truncated) throw tooLarge(this.limits.maxResponseBytes);
      return readChatCompletion(answer.body.toString('utf8'));
    } catch (error) {
      throw withoutKey(error, apiKey, options.timeoutMs);
    }
  }

  stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    return streamWhole(this, request, options);
  }

  private post(
    baseUrl: string,
    apiKey: string | null,
    request: GenerationRequest,
    { signal, timeoutMs }: GenerateOptions,
  ): Promise<HttpAnswer> {
    return this.http.request({
      url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(chatCompletionRequest(request)),
      timeouts: {
        connectMs: Math.min(this.limits.connectTimeoutMs, timeoutMs),
        firstByteMs: timeoutMs,
        totalMs: timeoutMs,
      },
      maxResponseBytes: this.limits.maxResponseBytes,
      signal,
    });
  }

  /** A server of one's own needs a base URL and often no key; a public API has an address and needs the key. */
  private usable(access: ProviderAccess | null): { apiKey: string | null; baseUrl: string } {
    const apiKey = access?.apiKey ?? null;
    const baseUrl = access?.baseUrl ?? (apiKey === null ? null : this.defaultBaseUrl);
    if (baseUrl === null) throw new ProviderError('missing_credentials', 'Provider credentials not configured');
    return { apiKey, baseUrl };
  }
}

function withoutKey(error: unknown, apiKey: string | null, timeoutMs: number): ProviderError {
  const known = error instanceof ProviderError ? error : errorOfFailure(error, timeoutMs);
  const message = hideKey(known.message, apiKey);
  // A new error, because a stack repeats the message that its error was made with.
  return message === known.message ? known : new ProviderError(known.code, message, known);
}

const tooLarge = (limit: number): ProviderError =>
  new ProviderError('response_too_large', `The answer of the provider is over ${limit} bytes.`, { httpStatus: 200 });
