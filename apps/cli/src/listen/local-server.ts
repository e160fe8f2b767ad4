import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { answerBodyLimit, type AnswerFrame, type FailureFrame, type WebhookFrame } from '@headrace/contracts';

/** What the local server made of a webhook. */
export type LocalOutcome = AnswerFrame | FailureFrame;

class TimeIsUp extends Error {}

/**
 * Posts a webhook to the local server as the server's own deliveries are posted: exactly its headers and bytes, no
 * redirect followed, one time limit for everything, the answer's body read up to a limit. Never rejects; `stopped` ends
 * the call.
 */
export async function postLocally(forward: URL, webhook: WebhookFrame, stopped: AbortSignal): Promise<LocalOutcome> {
  const started = performance.now();
  const duration = () => ({ duration_ms: Math.round(performance.now() - started) });
  const { id } = webhook;
  try {
    const { response, body } = await exchange(forward, webhook, stopped);
    const retryAfter = response.headers['retry-after']?.slice(0, 200) ?? null;
    const status = response.statusCode ?? 0;
    if (status < 100 || status > 599) throw Object.assign(new Error(), { code: 'HPE_INVALID_STATUS' });
    return { type: 'answer', id, status, retry_after: retryAfter, body, ...duration() };
  } catch (error) {
    const { code, message } = failureOf(error, forward, webhook.time_limit_ms);
    return { type: 'failure', id, code, message: message.slice(0, 500), ...duration() };
  }
}

function exchange(
  forward: URL,
  webhook: WebhookFrame,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; body: string }> {
  const bytes = Buffer.from(webhook.body);
  const send = forward.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => request.destroy(new TimeIsUp()), webhook.time_limit_ms);
    const request = send(forward, {
      method: 'POST',
      headers: { ...webhook.headers, 'Content-Length': bytes.length },
      // A server that is restarted again and again while it is worked on leaves dead connections behind.
      agent: false,
      signal,
    });
    request.on('error', reject);
    request.on('close', () => clearTimeout(limit));
    request.on('response', (response) => {
      readStart(response).then((body) => {
        resolve({ response, body });
        request.destroy();
      }, reject);
    });
    request.end(bytes);
  });
}

/** The start of a body as text. Bytes that are no UTF-8 become U+FFFD. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= answerBodyLimit) break;
  }
  const start = Buffer.concat(chunks).subarray(0, answerBodyLimit);
  // As a stream, so that a character which the cut went through is left out.
  return new TextDecoder().decode(start, { stream: size >= answerBodyLimit });
}

const refused = { code: 'connection_refused', words: 'Nothing listens at' };
const reset = { code: 'connection_reset', words: 'The connection was reset by' };
const unknownHost = { code: 'dns_failed', words: 'There is no such host:' };
const unreachable = { code: 'unreachable', words: 'The network has no way to' };

const byCode: Readonly<Record<string, { code: string; words: string }>> = {
  ECONNREFUSED: refused,
  ECONNRESET: reset,
  EPIPE: reset,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
};

function failureOf(error: unknown, { origin }: URL, limitMs: number): { code: string; message: string } {
  if (error instanceof TimeIsUp) {
    return { code: 'timeout', message: `${origin} gave no complete answer within ${limitMs / 1_000} s.` };
  }
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  const known = byCode[code];
  if (known) return { code: known.code, message: `${known.words} ${origin}.` };
  if (code.startsWith('HPE_')) return { code: 'invalid_response', message: `What ${origin} answered is not HTTP.` };
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) {
    return { code: 'tls_error', message: `The TLS connection to ${origin} failed: ${message}.` };
  }
  return { code: 'connection_failed', message: `${origin} could not be asked: ${message || code}.` };
}
