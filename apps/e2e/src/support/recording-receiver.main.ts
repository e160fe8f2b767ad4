/**
 * A customer's web server in a process of its own, so that taking thousands of webhooks does not slow the test down:
 * keeps of each what tells whether something was lost, sent twice or changed. Run by Node as it is.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** All that came of one message at one path. */
interface Arrival {
  readonly path: string;
  readonly id: string;
  readonly channel: string;
  count: number;
  /** Of the bodies. */
  readonly hashes: Set<string>;
  firstAt: number;
}

const arrivals = new Map<string, Arrival>();
const answerMs = Number(process.env['ANSWER_MS'] ?? '0');
let received = 0;
let open = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const { method, url: path = '', headers } = request;
  if (method === 'GET') {
    const messages = [...arrivals.values()].map((arrival) => ({ ...arrival, hashes: arrival.hashes.size }));
    const answer = path === '/messages' ? messages : { received, messages: arrivals.size, open };
    response.end(JSON.stringify(answer));
    return;
  }
  const hash = createHash('sha256');
  request.on('data', (chunk: Buffer) => hash.update(chunk));
  request.once('end', () => {
    record(path, String(headers['webhook-id']), String(headers['mr-channel-id']), hash.digest('hex'));
    open += 1;
    response.once('close', () => (open -= 1));
    setTimeout(() => response.writeHead(200, { 'content-length': 0 }).end(), answerMs);
  });
});

function record(path: string, id: string, channel: string, hash: string): void {
  received += 1;
  const key = `${path} ${id}`;
  const arrival = arrivals.get(key) ?? { path, id, channel, count: 0, hashes: new Set(), firstAt: Date.now() };
  arrival.count += 1;
  arrival.hashes.add(hash);
  arrivals.set(key, arrival);
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
