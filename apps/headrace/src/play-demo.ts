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
  const known: { secret?: string; channel?: string } = {};
  const step = (who: string, what: string) =>
    print(`${`${Math.round(performance.now() - started)} ms`.padStart(8)}  ${who.padEnd(10)}${what}`);

  const backend = await startDemoBackend({
    port: 0,
    apiKey,
    secret: () => known.secret,
    onWebhook: (webhook) => {
      // The project may be in use; before the reply is here, the webhook can only be this request's.
      if (known.channel !== undefined && webhook.channelId !== known.channel) return;
      step('backend', `got webhook ${webhook.type}; its signature is ${webhook.signatureIsGood ? 'good' : 'BAD'}`);
      step('backend', `works on ${excerpt(webhook.data)}`);
    },
    onCallback: (_channel, status) => step('backend', `called back; the answer was ${status}`),
  });
  const endpoint = await call<{ id: string; secret: string }>('POST', '/v1/webhooks', {
    url: backend.url,
    description: 'npm run demo',
  });
  known.secret = endpoint.secret;
  try {
    started = performance.now();
    const reply = await call<AsyncReply>('POST', '/v1/ai/async', {
      workflow: 'demo_event',
      messages: [{ role: 'user', content: 'Suggest a name for a watermill.' }],
      metadata: { user: 'demo' },
    });
    known.channel = reply.channel_id;
    step('app', `asked; got channel ${reply.channel_id} at once`);
    const final = await followChannel(reply, flowLimitMs, (frame) => step('browser', `got "${frame.status}"`));
    step('browser', `has the result ${excerpt(final.data)}`);
    const request = await call<{ state: string; timeline: { at: string }[] }>(
      'GET',
      `/v1/requests/${reply.channel_id}`,
    );
    step('app', `sees state "${request.state}" and ${request.timeline.length} entries on the timeline`);
  } finally {
    await call('DELETE', `/v1/webhooks/${endpoint.id}`);
    await backend.stop();
  }
}

/** As much of a value as a line of a terminal shows. */
function excerpt(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
