import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { AddressPolicy } from '../address/address-policy.js';
import type { OutboundRequest } from '../exchange/outbound-request.js';
import { OutboundError } from '../outbound-error.js';
import { OutboundHttp } from '../outbound-http.js';
import { OutboundHttpSettings } from '../outbound-http.settings.js';
import { testAuthority } from './test-authority.js';

/** What the running test opened. */
const closing: (() => Promise<unknown>)[] = [];
/** Closes what the test opened; call in `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(closing.splice(0).map((close) => close()));
}

/** A client that may call loopback, and speak HTTP/2 where a call asks for it. */
export function anOutbound(
  overrides: Partial<OutboundHttpSettings> = {},
  resolve?: ConstructorParameters<typeof AddressPolicy>[1],
) {
  const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true, http2: true }, overrides);
  const outbound = new OutboundHttp(new AddressPolicy(settings, resolve), settings, testAuthority);
  closing.push(() => outbound.close());
  return outbound;
}

/** Starts a server on a free port of loopback; resolves to its base URL. */
export async function listening<S extends Server | NetServer>(server: S): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A receiver of well-formed HTTP. */
export const receiver = (onRequest: RequestListener): Promise<string> => listening(createHttpServer(onRequest));

/** A server that answers whatever comes with these bytes and then does what `after` says. */
export const rawReceiver = (answer: string, after: (socket: Socket) => void = () => undefined): Promise<string> =>
  listening(
    createServer((socket) => {
      socket.once('data', () => socket.write(answer, () => after(socket)));
    }),
  );

/** A POST with limits of two seconds and 1 KiB. */
export const aRequest = (url: string, overrides: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json', 'X-Case': 'Kept' },
  body: '{"a":"ü"}',
  timeouts: { connectMs: 2_000, firstByteMs: 2_000, totalMs: 2_000 },
  maxResponseBytes: 1_024,
  ...overrides,
});

/** The error that a call ends with; fails when it does not. */
export async function failureOf(call: Promise<unknown>): Promise<OutboundError> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof OutboundError)) throw new Error(`expected an OutboundError, got ${String(error)}`);
  return error;
}
