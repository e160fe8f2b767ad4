import { toldWhole, type AiProvider, type GenerateOptions, type GenerationRequest } from '../ai-provider.js';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { wantedFormat } from '../chat/wanted-format.js';
import { parseAnswer } from '../openai-compatible/chat-completion.response.js';
import { usableAccess } from '../openai-compatible/openai-compatible.provider.js';
import type { RemoteCall, RemoteCaller } from '../remote/remote-caller.js';
import { answerForm, type AnswerForm } from './answer-form.js';
import { readAnthropicMessage } from './anthropic.answer.js';
import { errorOfAnthropicAnswer } from './anthropic.errors.js';
import { anthropicRequest } from './anthropic.request.js';
import { AnthropicStream } from './anthropic.stream.js';

/** Name under which workflows use Anthropic. */
export const anthropicProviderName = 'anthropic';

const usual = { baseUrl: 'https://api.anthropic.com/v1', needsKey: true };
/** The last version of the API in which models that still take temperature and top_p can be given them. */
const apiVersion = '2023-06-01';

/** Anthropic's Messages API. */
export class AnthropicProvider implements AiProvider {
  constructor(private readonly remote: RemoteCaller) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    const form = formOf(request);
    return this.remote.whole(callOf(request, form, false), options, (text) =>
      readAnthropicMessage(parseAnswer(text), form),
    );
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const form = formOf(request);
    const reader = new AnthropicStream(options, this.remote.limits.maxResponseBytes, form);
    return this.remote.streamed(callOf(request, form, true), options, reader, (text) =>
      toldWhole(readAnthropicMessage(parseAnswer(text), form), options),
    );
  }
}

const formOf = (request: GenerationRequest): AnswerForm => answerForm(wantedFormat(request), request.model);

function callOf(request: GenerationRequest, form: AnswerForm, isStreamed: boolean): RemoteCall {
  const { apiKey, baseUrl } = usableAccess(request.access, usual);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/messages`,
    headers: { 'anthropic-version': apiVersion, ...(apiKey === null ? {} : { 'x-api-key': apiKey }) },
    body: anthropicRequest(request, form, isStreamed),
    apiKey,
    errorOf: errorOfAnthropicAnswer,
  };
}
