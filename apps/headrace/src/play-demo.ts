import { startDemoBackend } from './demo-backend.js';
import { caller } from './demo-endpoint.js';
import { followChannel } from './follow-channel.js';

/** A flow that takes longer than this has failed. */
const flowLimitMs = 30_000;

interface AsyncReply {
  readonly channel_id: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
  readonly ws_token: string;
}

/**
 * Plays the event-driven flow with a backend and a browser of its own: request, AI, signed webhook, callback, push.
 * Prints each step as it happens, with the milliseconds since the request.
 */
export async function playDemo(url: string, apiKey: string, print: (line: string) => void): Promise<void> {
  const call = caller(url, apiKey);
  let started = performance.now();
  let secret: string | undefined;
  let channel: string | undefined;
  const step = (who: string, what: string) =>
    print(`${`${Math.round(performance.now() - started)} ms`.padStart(8)}  ${who.padEnd(10)}${what}`);

  const backend = await startDemoBackend({
    port: 0,
    apiKey,
    secret: () => secret,
    onWebhook: (webhook) => {
      if (webhook.channelId !== channel) return;
      step('backend', `got webhook ${webhook.type}; its signature is ${webhook.signatureIsGood ? 'good' : 'BAD'}`);
      step('backend', `works on ${JSON.stringify(webhook.data)}`);
    },
    onCallback: (_channel, status) => step('backend', `called back; the answer was ${status}`),
  });
  const endpoint = await call<{ id: string; secret: string }>('POST', '/v1/webhooks', {
    url: backend.url,
    description: 'npm run demo',
  });
  secret = endpoint.secret;
  try {
    started = performance.now();
    const reply = await call<AsyncReply>('POST', '/v1/ai/async', {
      workflow: 'demo_event',
      messages: [{ role: 'user', content: 'Suggest a name for a watermill.' }],
      metadata: { user: 'demo' },
    });
    channel = reply.channel_id;
    step('app', `asked; got channel ${reply.channel_id} at once`);
    const final = await followChannel(reply, flowLimitMs, (frame) => step('browser', `got "${frame.status}"`));
    step('browser', `has the result ${JSON.stringify(final.data)}`);
    const request = await call<{ state: string; timeline: { at: string }[] }>('GET', `/v1/requests/${channel}`);
    step('app', `sees state "${request.state}" and ${request.timeline.length} entries on the timeline`);
  } finally {
    await call('DELETE', `/v1/webhooks/${endpoint.id}`);
    await backend.stop();
  }
}
