import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from '@headrace/contracts';
import type { ApiError } from '../errors/api.error.js';

/** Answers an upgrade with a plain HTTP response, empty unless `body` is given, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number, body = ''): void {
  refuse(socket, status, body === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }, body);
}

/** Answers an upgrade with an error as every other route does, and ends the connection. */
export function refuseUpgradeWith(socket: Duplex, { status, code, message, details, headers }: ApiError): void {
  const body = JSON.stringify(errorBody(code, message, details));
  refuse(socket, status, { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body);
}

function refuse(socket: Duplex, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  // A client that is gone already has no use for the answer.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
