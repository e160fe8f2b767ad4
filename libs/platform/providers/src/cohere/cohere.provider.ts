import { toldWhole, type AiProvider, type GenerateOptions, type GenerationRequest } from '../ai-provider.js';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { parseAnswer } from '../openai-compatible/chat-completion.response.js';
import { bearer, usableAccess } from '../openai-compatible/openai-compatible.provider.js';
import type { RemoteCall, RemoteCaller } from '../remote/remote-caller.js';
import { readCohereAnswer } from './cohere.answer.js';
import { errorOfCohereAnswer } from './cohere.errors.js';
import { cohereRequest } from './cohere.request.js';
import { CohereStream } from './cohere.stream.js';

/** Name under which workflows use Cohere. */
export const cohereProviderName = 'cohere';

const usual = { baseUrl: 'https://api.cohere.com/v2', needsKey: true };

/** Version 2 of Cohere's Chat API. */
export class CohereProvider implements AiProvider {
  constructor(private readonly remote: RemoteCaller) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    return this.remote.whole(callOf(request, false), options, (text) =>
      readCohereAnswer(parseAnswer(text), request.model),
    );
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const reader = new CohereStream(options, this.remote.limits.maxResponseBytes, request.model);
    return this.remote.streamed(callOf(request, true), options, reader, (text) =>
      toldWhole(readCohereAnswer(parseAnswer(text), request.model), options),
    );
  }
}

function callOf(request: GenerationRequest, isStreamed: boolean): RemoteCall {
  const { apiKey, baseUrl } = usableAccess(request.access, usual);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/chat`,
    headers: bearer(apiKey),
    body: cohereRequest(request, isStreamed),
    apiKey,
    errorOf: errorOfCohereAnswer,
  };
}
