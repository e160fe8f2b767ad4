import type { OutboundErrorCode } from './outbound-error.js';

/** RFC 9113, section 7; the place in the list is the code. */
const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** Whether the receiver refused one call, not the connection. */
export const isStreamReset = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_HTTP2_STREAM_ERROR';

/** What undici and Node say of a broken HTTP/2 stream or connection, in our own terms; undefined for other errors. */
export function http2ErrorOf(code: string, message: string): readonly [OutboundErrorCode, string] | undefined {
  if (code === 'ERR_HTTP2_STREAM_ERROR') {
    const name = /NGHTTP2_(\w+)/.exec(message)?.[1] ?? 'unknown code';
    return ['connection_reset', `The receiver reset the HTTP/2 stream (${name}).`];
  }
  if (code === 'ERR_HTTP2_SESSION_ERROR') return endedByReceiver(message);
  if (code.startsWith('ERR_HTTP2_')) return ['invalid_response', `The answer is not valid HTTP/2 (${message}).`];
  // What undici says itself has one of two codes, and tells the rest in words.
  if (code !== 'UND_ERR_INFO' && code !== 'UND_ERR_SOCKET') return undefined;
  if (message.startsWith('HTTP/2: "GOAWAY"')) return endedByReceiver(message);
  if (message.startsWith('HTTP/2: stream')) {
    return ['connection_reset', 'The receiver ended the HTTP/2 stream before the answer was complete.'];
  }
  if (message === 'HTTP/2: connection unresponsive') {
    return ['connection_reset', 'The receiver no longer answered on this HTTP/2 connection.'];
  }
  if (!message.startsWith('HTTP/2: ')) return undefined;
  return ['invalid_response', `The answer is not valid HTTP/2 (${message.slice('HTTP/2: '.length)}).`];
}

const endedByReceiver = (message: string): readonly [OutboundErrorCode, string] => [
  'connection_reset',
  `The receiver ended the HTTP/2 connection (GOAWAY, ${codeIn(message)}).`,
];

function codeIn(message: string): string {
  const number = Number(/code (\w+)/.exec(message)?.[1]);
  return errorNames[number] ?? `code ${number}`;
}
