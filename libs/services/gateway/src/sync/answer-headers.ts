import type { JsonObject } from '@headrace/contracts';
import type { AdmittedRequest } from '../accept/request-acceptor.js';
import type { EndedRequest } from '../cancel/request.canceller.js';

type Headers = Readonly<Record<string, string>>;

/** Longer ones are left out: servers and clients refuse a head of more than some kilobytes. */
const longestCachedData = 4_096;

/** What is known of a request's answer before it is there. */
export function requestHeaders({ channel, accepted, headers }: AdmittedRequest): Headers {
  return {
    ...headers,
    'x-request-id': channel,
    'x-modelriver-channel-id': channel,
    'x-modelriver-workflow': headerText(accepted.context.workflow),
  };
}

/** The `X-ModelRiver-*` headers of an answer (CONTRACT section 1), and those of its request. */
export function answerHeaders(request: AdmittedRequest, { generation, context }: EndedRequest): Headers {
  const cachedData = headerJson(context.customerData);
  return {
    ...requestHeaders(request),
    'x-modelriver-provider': headerText(generation?.usedProvider ?? ''),
    'x-modelriver-model': headerText(generation?.usedModel ?? ''),
    'x-modelriver-duration-ms': String(generation?.durationMs ?? 0),
    'x-modelriver-attempts': String(generation?.attempts.length ?? 0),
    ...(cachedData.length <= longestCachedData ? { 'x-modelriver-cached-data': cachedData } : {}),
    ...(generation?.cached ? { 'x-modelriver-cache': 'hit' } : {}),
    ...(generation?.offlineFallback ? { 'x-modelriver-offline-fallback': 'true' } : {}),
  };
}

/** Names may hold any character, headers only some: the others are percent-encoded. */
const headerText = (text: string): string =>
  text.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));

/** JSON in ASCII. */
const headerJson = (value: JsonObject): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
