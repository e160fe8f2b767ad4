import type { ServerResponse } from 'node:http';

/** What the body of an answer says, whatever the status of HTTP. phoenix.js throws at others when it polls. */
export const pollStatus = {
  messages: 200,
  /** Nothing came within the window. */
  nothing: 204,
  badRequest: 400,
  refused: 403,
  /** The session is not, or no more. */
  gone: 410,
  tooLarge: 413,
  /** The client begins anew, after a pause that grows. */
  tryAgain: 500,
} as const;

/** Body of an answer. */
export interface PollBody {
  readonly messages?: readonly string[];
  readonly status: number;
  readonly token?: string;
  /** For people. */
  readonly reason?: string;
}

/** The bytes of an answer. */
export const bodyOf = (body: PollBody): Buffer => Buffer.from(JSON.stringify(body));

/** Sends an answer, unless its client is gone. Phoenix answers with HTTP 200 throughout; so do we what it knows. */
export function answer(response: ServerResponse, body: PollBody, httpStatus = 200): void {
  answerBytes(response, bodyOf(body), httpStatus);
}

/** Sends an answer that is already made. */
export function answerBytes(response: ServerResponse, bytes: Uint8Array, httpStatus = 200): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(httpStatus, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(bytes);
}
