import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsContentType } from './render-metrics.js';

/** Long enough for a scraper that is slow, short enough that nobody holds connections. */
const timeoutMs = 10_000;

/** A server of `/metrics` that listens. */
export interface MetricsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves `GET /metrics` on the first of the ports that is free. Throws what the last one's failure was. */
export async function startMetricsServer(
  host: string,
  ports: readonly number[],
  render: () => string,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: timeoutMs, keepAliveTimeout: timeoutMs }, (request, response) =>
    answer(request, response, render),
  );
  // A scraper is no reason for a process to stay.
  server.unref();
  const port = await listenOnFirst(server, host, ports);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenOnFirst(server: Server, host: string, ports: readonly number[]): Promise<number> {
  for (const [index, port] of ports.entries()) {
    try {
      return await listen(server, host, port);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || index === ports.length - 1) throw error;
    }
  }
  throw new Error('There is no port to try.');
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error);
    server.once('error', onError).listen({ port, host }, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, render: () => string): void {
  const [path] = (url ?? '').split('?');
  if (path !== '/metrics') return void response.writeHead(404).end('Metrics are at /metrics.\n');
  if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  response.writeHead(200, { 'content-type': metricsContentType, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : render());
}
