import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { OutboundRequest } from '../exchange/outbound-request.js';
import { aRequest, listening } from './outbound.fixtures.js';
import { aCertificate } from './test-authority.js';

/** A receiver that speaks HTTP/2; its URL and how many connections were made to it. */
export interface Http2Receiver {
  readonly url: string;
  readonly server: Http2SecureServer;
  connections(): number;
}

/** Starts a receiver that hands out each call once its body has come. */
export async function http2Receiver(
  onCall: (stream: ServerHttp2Stream, body: string) => void,
  options: Parameters<typeof createSecureServer>[0] = {},
): Promise<Http2Receiver> {
  const server = createSecureServer({ ...aCertificate('good'), ...options });
  let connections = 0;
  server.on('secureConnection', () => (connections += 1));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (!stream.destroyed) onCall(stream, Buffer.concat(chunks).toString());
    });
  });
  const url = (await listening(server)).replace('http:', 'https:');
  return { url, server, connections: () => connections };
}

/** A call that may be made over HTTP/2. */
export const aCall = (url: string, overrides: Partial<OutboundRequest> = {}): OutboundRequest =>
  aRequest(url, { http2: true, ...overrides });

/** Answers a call. */
export const answer = (stream: ServerHttp2Stream, body = 'ok', status = 200): void => {
  stream.respond({ ':status': status });
  stream.end(body);
};
