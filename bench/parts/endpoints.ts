/**
 * The customers' endpoints of a delivery bench: `/ok/…` answers 200 at once, `/hang/…` never answers, `/slow/…` after
 * a second. Keeps when which channel's webhook arrived.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { clockMs } from '../lib/clock.ts';
import { HttpMessages } from '../lib/http-messages.ts';
import { serve } from '../lib/part.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const channelHeader = /\r\nmr-channel-id: ([^\r]+)/i;

let arrivals: [channel: string, at: number][] = [];
let bytes = 0;
const perPath: Record<string, number> = {};

const server = createServer({ noDelay: true }, (socket) => {
  const messages = new HttpMessages(({ head, body }) => arrived(socket, head, body.length));
  socket.on('data', (chunk) => messages.push(chunk));
  // The dispatcher may drop a connection at any time; that is no matter here.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1');

function arrived(socket: Socket, head: string, size: number): void {
  const behaviour = head.slice('POST /'.length, head.indexOf('/', 'POST /'.length));
  perPath[behaviour] = (perPath[behaviour] ?? 0) + 1;
  bytes += size;
  if (behaviour === 'hang') return;
  if (behaviour === 'slow') {
    setTimeout(() => socket.write(ok), 1_000);
    return;
  }
  socket.write(ok);
  arrivals.push([channelHeader.exec(head)?.[1] ?? '', clockMs()]);
}

serve({
  port: () => (server.address() as AddressInfo).port,
  arrived: () => arrivals.length,
  /** What arrived since the last question. */
  report: () => {
    const report = { arrivals, bytes, perPath: { ...perPath } };
    arrivals = [];
    bytes = 0;
    for (const path of Object.keys(perPath)) delete perPath[path];
    return report;
  },
});
