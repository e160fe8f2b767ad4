import type { Json } from '@headrace/contracts';
import { toldWhole, type AiProvider, type GenerateOptions, type GenerationRequest } from '../ai-provider.js';
import type { ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { badRequest } from '../chat/bad-request.js';
import { parseAnswer } from '../openai-compatible/chat-completion.response.js';
import { usableAccess } from '../openai-compatible/openai-compatible.provider.js';
import type { RemoteCall, RemoteCaller } from '../remote/remote-caller.js';
import { readGoogleAnswer } from './google.answer.js';
import { errorOfGoogleAnswer } from './google.errors.js';
import { googleRequest } from './google.request.js';
import { GoogleStream } from './google.stream.js';

/** Name under which workflows use Google's Gemini. */
export const googleProviderName = 'google';

const usual = { baseUrl: 'https://generativelanguage.googleapis.com/v1beta', needsKey: true };

/** Google's Gemini API: `generateContent` and `streamGenerateContent`. */
export class GoogleProvider implements AiProvider {
  constructor(private readonly remote: RemoteCaller) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    const call = callOf(request, 'generateContent');
    return this.remote.whole(call, options, (text) => readGoogleAnswer(parseAnswer(text)));
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const reader = (): GoogleStream => new GoogleStream(options, this.remote.limits.maxResponseBytes);
    const call = callOf(request, 'streamGenerateContent?alt=sse');
    return this.remote.streamed(call, options, reader(), (text) => readWhole(text, options, reader()));
  }
}

function callOf(request: GenerationRequest, method: string): RemoteCall {
  const { apiKey, baseUrl } = usableAccess(request.access, usual);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/${modelPath(request.model)}:${method}`,
    headers: apiKey === null ? {} : { 'x-goog-api-key': apiKey },
    body: googleRequest(request),
    apiKey,
    errorOf: errorOfGoogleAnswer,
  };
}

/** A model's name is part of the address; one with a slash says itself where it is (`tunedModels/…`). */
function modelPath(model: string): string {
  if (!/^[\w.@-]+(?:\/[\w.@-]+)*$/.test(model) || model.includes('..')) {
    throw badRequest('model must be the name of a model, such as gemini-3.7-flash.');
  }
  return model.includes('/') ? model : `models/${model}`;
}

/** Where the question for events is not understood, all chunks come in a list. */
function readWhole(text: string, options: StreamOptions, reader: GoogleStream): ProviderAnswer {
  if (!text.trimStart().startsWith('[')) return toldWhole(readGoogleAnswer(parseAnswer(text)), options);
  for (const chunk of chunksIn(text)) reader.take({ event: 'message', data: JSON.stringify(chunk) });
  return reader.finish();
}

/** What is no list of chunks is read as one that cannot be, so that it is told as every bad answer. */
function chunksIn(text: string): Json[] {
  try {
    const chunks = JSON.parse(text) as Json;
    return Array.isArray(chunks) ? chunks : [null];
  } catch {
    return [null];
  }
}
