/**
 * The customer's side of the bench, in a process of its own: takes webhooks on one keep-alive server, answers 200 at
 * once, and posts the callback, as a backend that has nothing else to do.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { Samples } from '../lib/samples.ts';
import { serve } from '../lib/part.ts';

const callbackBody = JSON.stringify({ data: { id: 'row-1', saved: true } });
const connections = 64;

const apiKey = process.env['BENCH_API_KEY'] ?? '';
const pools = new Map<string, Pool>();
let callbackTimes = new Samples();
let webhooks = 0;
const failures: Record<string, number> = {};

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.once('end', () => {
    webhooks += 1;
    response.writeHead(200, { 'content-length': 0 }).end();
    const url = request.headers['x-modelriver-callback-url'];
    if (typeof url === 'string') void callBack(url);
  });
});
server.listen(0, '127.0.0.1');

async function callBack(callbackUrl: string): Promise<void> {
  const { origin, pathname } = new URL(callbackUrl);
  const started = performance.now();
  try {
    const { statusCode, body } = await poolOf(origin).request({
      method: 'POST',
      path: pathname,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: callbackBody,
    });
    await body.dump();
    callbackTimes.add(performance.now() - started);
    if (statusCode !== 200) failed(`HTTP ${statusCode}`);
  } catch (error) {
    failed((error as Error).message);
  }
}

function poolOf(origin: string): Pool {
  const pool = pools.get(origin) ?? new Pool(origin, { connections });
  pools.set(origin, pool);
  return pool;
}

function failed(reason: string): void {
  failures[reason] = (failures[reason] ?? 0) + 1;
}

serve({
  port: () => (server.address() as AddressInfo).port,
  /** Forgets what the warm-up measured. */
  begin: () => {
    callbackTimes = new Samples();
    webhooks = 0;
  },
  report: () => ({ webhooks, callback: callbackTimes.percentiles(), failures }),
});
