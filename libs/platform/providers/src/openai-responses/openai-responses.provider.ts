import { toldWhole, type AiProvider, type GenerateOptions, type GenerationRequest } from '../ai-provider.js';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { parseAnswer } from '../openai-compatible/chat-completion.response.js';
import { bearer, usableAccess } from '../openai-compatible/openai-compatible.provider.js';
import type { RemoteCall, RemoteCaller } from '../remote/remote-caller.js';
import { readResponse } from './responses.answer.js';
import { responsesRequest } from './responses.request.js';
import { ResponsesStream } from './responses.stream.js';

/** Name under which workflows use OpenAI's Responses API; `openai` is its chat completions. */
export const openAiResponsesProviderName = 'openai-responses';

const usual = { baseUrl: 'https://api.openai.com/v1', needsKey: true };

/** OpenAI's Responses API, and servers that speak it too. */
export class OpenAiResponsesProvider implements AiProvider {
  constructor(private readonly remote: RemoteCaller) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    return this.remote.whole(callOf(request, false), options, readWholeResponse);
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const reader = new ResponsesStream(options, this.remote.limits.maxResponseBytes);
    return this.remote.streamed(callOf(request, true), options, reader, (text) =>
      toldWhole(readWholeResponse(text), options),
    );
  }
}

const readWholeResponse = (text: string): ProviderAnswer => readResponse(parseAnswer(text));

function callOf(request: GenerationRequest, isStreamed: boolean): RemoteCall {
  const { apiKey, baseUrl } = usableAccess(request.access, usual);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/responses`,
    headers: bearer(apiKey),
    body: responsesRequest(request, isStreamed),
    apiKey,
  };
}
