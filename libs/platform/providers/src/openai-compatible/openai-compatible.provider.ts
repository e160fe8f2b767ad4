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
import { AnswerTool } from './answer-tool.js';
import { chatCompletionRequest } from './chat-completion.request.js';
import { readChatCompletion } from './chat-completion.response.js';
import { ChatCompletionStream } from './chat-completion.stream.js';
import type { ProviderPreset } from './provider-presets.js';
import { structuredWay } from './structured-way.js';

/** Where a request goes, with what key, and what is special there. */
export interface Reached extends Omit<RemoteCall, 'body'> {
  readonly preset: ProviderPreset;
}

/** Finds where a request goes. Throws `ProviderError` with code `missing_credentials`. */
export type Reach = (request: GenerationRequest, preset: ProviderPreset) => Reached;

/** A call and the tool whose arguments are its answer, where there is one. */
interface PreparedCall {
  readonly call: RemoteCall;
  readonly tool: AnswerTool | null;
}

/** Any API that speaks OpenAI's chat completions: OpenAI itself, Ollama, vLLM, llama.cpp, gateways. */
export class OpenAiCompatibleProvider implements AiProvider {
  constructor(
    private readonly remote: RemoteCaller,
    private readonly preset: ProviderPreset,
    private readonly reach: Reach = reachBaseUrl,
  ) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    const { call, tool } = this.prepare(request, false);
    const answer = await this.remote.whole(call, options, readChatCompletion);
    return tool?.answer(answer) ?? answer;
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const { call, tool } = this.prepare(request, true);
    if (tool) return this.streamTool(call, tool, options);
    return this.streamCall(call, options);
  }

  private streamCall(call: RemoteCall, options: StreamOptions): Promise<ProviderAnswer> {
    const reader = new ChatCompletionStream(options.onDelta, this.remote.limits.maxResponseBytes);
    return this.remote.streamed(call, options, reader, (text) => toldWhole(readChatCompletion(text), options));
  }

  private async streamTool(call: RemoteCall, tool: AnswerTool, options: StreamOptions): Promise<ProviderAnswer> {
    let hasTold = false;
    const onDelta: StreamOptions['onDelta'] = (delta) => {
      const told = tool.delta(delta);
      hasTold ||= told?.content !== undefined;
      if (told) options.onDelta(told);
    };
    const answer = tool.answer(await this.streamCall(call, { ...options, onDelta }));
    if (!hasTold && answer.content !== null) options.onDelta({ content: answer.content });
    return answer;
  }

  private prepare(request: GenerationRequest, isStreamed: boolean): PreparedCall {
    const { preset, ...where } = this.reach(request, this.preset);
    const structuredBy = structuredWay(request, preset, isStreamed);
    const schema = request.structuredOutput?.schema.source;
    const tool = structuredBy === 'tool' && schema ? new AnswerTool(schema) : null;
    return {
      call: { ...where, body: chatCompletionRequest(request, preset, { isStreamed, structuredBy, tool }) },
      tool,
    };
  }
}

/** Where a server is, that has the path of OpenAI's below its base URL. */
function reachBaseUrl({ access }: GenerationRequest, preset: ProviderPreset): Reached {
  const { apiKey, baseUrl } = usableAccess(access, preset);
  return { url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`, headers: bearer(apiKey), apiKey, preset };
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
