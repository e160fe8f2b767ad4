import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyHexSignature } from '@headrace/webhook-signature';

/** A webhook that the demo backend received. */
export interface ReceivedWebhook {
  readonly type: string;
  readonly channelId: string;
  readonly attempt: number;
  readonly signatureIsGood: boolean;
  readonly callbackUrl: string | undefined;
  readonly data: unknown;
}

/** What the demo backend is told and tells. */
export interface DemoBackendOptions {
  readonly port: number;
  readonly apiKey: string;
  /** The endpoint's secret; undefined while it is not known yet: signatures then count as bad. */
  readonly secret: () => string | undefined;
  readonly onWebhook?: (webhook: ReceivedWebhook) => void;
  readonly onCallback?: (channelId: string, status: number) => void;
}

/** A running demo backend. */
export interface DemoBackend {
  readonly url: string;
  stop(): Promise<void>;
}

const bodyLimitBytes = 2 * 1024 * 1024;
const callbackTimeLimitMs = 10_000;

/** A customer's backend in miniature: verifies a webhook, answers it, "saves a row" and calls back. */
export async function startDemoBackend(options: DemoBackendOptions): Promise<DemoBackend> {
  const server = createServer((request, response) => {
    receive(request, options)
      .then((webhook) => {
        response.writeHead(webhook.signatureIsGood ? 204 : 401).end();
        options.onWebhook?.(webhook);
        return webhook.signatureIsGood && webhook.callbackUrl
          ? callBack(webhook, webhook.callbackUrl, options)
          : undefined;
      })
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage, { secret }: DemoBackendOptions): Promise<ReceivedWebhook> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks).toString('utf8');
  const body = JSON.parse(raw) as { type: string; channel_id: string; callback_url?: string; data: unknown };
  const known = secret();
  return {
    type: body.type,
    channelId: body.channel_id,
    attempt: Number(request.headers['mr-attempt']),
    signatureIsGood: known !== undefined && verifyHexSignature(raw, String(request.headers['mr-signature']), known),
    callbackUrl: body.callback_url,
    data: body.data,
  };
}

async function callBack(webhook: ReceivedWebhook, callbackUrl: string, options: DemoBackendOptions): Promise<void> {
  const response = await fetch(callbackUrl, {
    method: 'POST',
    headers: { Authorization: `Bearer ${options.apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ data: { id: `row-${webhook.channelId.slice(0, 8)}`, saved: true, answer: webhook.data } }),
    signal: AbortSignal.timeout(callbackTimeLimitMs),
  });
  options.onCallback?.(webhook.channelId, response.status);
}
