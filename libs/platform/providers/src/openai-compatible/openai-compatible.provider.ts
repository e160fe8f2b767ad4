import {
  toldWhole,
  type AiProvider,
  type GenerateOptions,
  type GenerationRequest,
  type ProviderAccess,
  type ProviderAnswer,
  type StreamOptions,
} from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import type { RemoteCall, RemoteCaller } from '../remote/remote-caller.js';
import { chatCompletionRequest } from './chat-completion.request.js';
import { readChatCompletion } from './chat-completion.response.js';
import { ChatCompletionStream } from './chat-completion.stream.js';
import type { ProviderPreset } from './provider-presets.js';

/** Any API that speaks OpenAI's chat completions: OpenAI itself, Ollama, vLLM, llama.cpp, gateways. */
export class OpenAiCompatibleProvider implements AiProvider {
  constructor(
    private readonly remote: RemoteCaller,
    private readonly preset: ProviderPreset,
  ) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    return this.remote.whole(this.call(request, false), options, readChatCompletion);
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const reader = new ChatCompletionStream(options.onDelta, this.remote.limits.maxResponseBytes);
    return this.remote.streamed(this.call(request, true), options, reader, (text) =>
      toldWhole(readChatCompletion(text), options),
    );
  }

  private call(request: GenerationRequest, isStreamed: boolean): RemoteCall {
    const { apiKey, baseUrl } = usableAccess(request.access, this.preset);
    return {
      url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
      headers: bearer(apiKey),
      body: chatCompletionRequest(request, this.preset, isStreamed),
      apiKey,
    };
  }
}

/** A server of one's own needs a base URL and often no key; a public API has an address and needs the key. */
export function usableAccess(
  access: ProviderAccess | null,
  { baseUrl: usual, needsKey }: Pick<ProviderPreset, 'baseUrl' | 'needsKey'>,
): { readonly apiKey: string | null; readonly baseUrl: string } {
  const apiKey = access?.apiKey ?? null;
  const baseUrl = access?.baseUrl ?? (apiKey === null && needsKey ? null : usual);
  if (baseUrl === null) throw new ProviderError('missing_credentials', 'Provider credentials not configured');
  return { apiKey, baseUrl };
}

/** The header that carries a key; none without one. */
export const bearer = (apiKey: string | null): Record<string, string> =>
  apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
