import type { JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import { GoogleProvider } from '../google/google.provider.js';
import { dataEvent, jsonAnswer, type ProviderWire } from './provider-wire.js';

const model = 'gemini-3.7-flash';

/** A GenerateContentResponse, or a chunk of one, as Gemini's API writes it. */
export const aGeminiResponse = (
  parts: JsonObject[],
  candidate: JsonObject = {},
  more: JsonObject = {},
): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...candidate }],
  usageMetadata: {
    promptTokenCount: 19,
    candidatesTokenCount: 7,
    totalTokenCount: 29,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 19 }],
    thoughtsTokenCount: 3,
  },
  modelVersion: model,
  responseId: 'M3iLaY-AI7zTxN8P3Piw4Qg',
  ...more,
});

const stopped = { finishReason: 'STOP' };
const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
const withoutCandidates = (more: JsonObject): JsonObject => {
  const { candidates: _candidates, ...response } = aGeminiResponse([], {}, more);
  return response;
};

/** An error as Google's APIs write it. */
export const aGoogleError = (
  code: number,
  status: string,
  message: string,
  details: JsonObject[] = [],
): JsonObject => ({
  error: { code, message, status, ...(details.length > 0 ? { details } : {}) },
});

const error = (code: number, status: string, message: string, details: JsonObject[] = []): ReceiverAnswer =>
  jsonAnswer(code, aGoogleError(code, status, message, details), { 'server-timing': 'gfet4t7; dur=412' });

const retryInfo = (delay: string): JsonObject => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay: delay,
});
const quota = (quotaId: string): JsonObject => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId }],
});

/** Whole answers of Gemini's API. */
export const googleWire = {
  response: (parts: JsonObject[], candidate: JsonObject = stopped, more: JsonObject = {}): ReceiverAnswer =>
    jsonAnswer(200, aGeminiResponse(parts, candidate, more)),
  quotaOfToday: (): ReceiverAnswer =>
    error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
      quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
      retryInfo('41s'),
    ]),
};

const weather = {
  functionCall: { id: 'lpndqlku', name: 'weather', args: { city: 'Oslo' } },
  thoughtSignature: 'EpEgCo4g',
};
const time = { functionCall: { id: 'm6rogicj', name: 'time', args: {} } };

/** Google's Gemini API. */
export const googleProviderWire: ProviderWire = {
  provider: (remote) => new GoogleProvider(remote),
  request: { provider: 'google', model },
  paths: { whole: `/models/${model}:generateContent`, stream: `/models/${model}:streamGenerateContent?alt=sse` },
  key: (apiKey) => ['x-goog-api-key', apiKey],
  whole: {
    text: (text) => googleWire.response([{ text, thoughtSignature: 'EpAICo0I' }]),
    cut: (text) => googleWire.response([{ text }], { finishReason: 'MAX_TOKENS' }),
    toolCalls: () => googleWire.response([weather, time]),
    withheld: [
      ['a blocked prompt', jsonAnswer(200, withoutCandidates(blocked)), 'content_filtered'],
      ['a filtered answer', googleWire.response([], { finishReason: 'SAFETY' }), 'content_filtered'],
      [
        'a call that the model wrote wrongly',
        googleWire.response([], {
          finishReason: 'MALFORMED_FUNCTION_CALL',
          finishMessage: 'Malformed function call: x(',
        }),
        'invalid_response',
      ],
      ['an answer of nothing', googleWire.response([]), 'invalid_response'],
    ],
    rateLimit: (seconds) =>
      error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan.', [
        quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'),
        retryInfo(`${seconds}.0s`),
      ]),
    errors: [
      {
        name: 'an overload',
        answer: error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
        code: 'provider_failed',
        retryable: true,
      },
      {
        name: 'an error of the server',
        answer: error(500, 'INTERNAL', 'An internal error has occurred.'),
        code: 'provider_failed',
        retryable: true,
      },
      {
        name: 'a time-out',
        answer: error(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
        code: 'timeout',
        retryable: true,
      },
      { name: 'a quota that counts days', answer: googleWire.quotaOfToday(), code: 'rate_limited', retryable: false },
      {
        name: 'a conversation that is too long',
        answer: error(
          400,
          'INVALID_ARGUMENT',
          'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        ),
        code: 'invalid_request',
        retryable: false,
        message: /^The conversation is too long for the model\. HTTP 400: The input token count/,
      },
      {
        name: 'a model that is not there',
        answer: error(404, 'NOT_FOUND', 'models/gemini-9 is not found for API version v1beta.'),
        code: 'invalid_request',
        retryable: false,
      },
      {
        name: 'a permission that is missing',
        answer: error(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
        code: 'authentication_failed',
        retryable: false,
      },
    ],
    badKey: (key) =>
      error(400, 'INVALID_ARGUMENT', `API key not valid: ${key}. Please pass a valid API key.`, [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
        },
      ]),
  },
  stream: {
    start: [],
    text: (text) => dataEvent(aGeminiResponse([{ text }])),
    end: [dataEvent(aGeminiResponse([{ text: '', thoughtSignature: 'EpAICo0I' }], stopped))],
    toolCalls: [
      dataEvent(aGeminiResponse([weather])),
      dataEvent(aGeminiResponse([time])),
      dataEvent(aGeminiResponse([{ text: '' }], stopped)),
    ],
    withheld: [
      ['a blocked prompt', [dataEvent(withoutCandidates(blocked))], 'content_filtered'],
      [
        'a filtered answer',
        [dataEvent(aGeminiResponse([{ text: 'Well' }])), dataEvent(aGeminiResponse([], { finishReason: 'SAFETY' }))],
        'content_filtered',
      ],
      ['an answer of nothing', [dataEvent(aGeminiResponse([{ text: '' }], stopped))], 'invalid_response'],
    ],
    error: (message) => ({ event: dataEvent(aGoogleError(503, 'UNAVAILABLE', message)), code: 'provider_failed' }),
  },
};
