/**
 * Sends requests through a running system and checks what comes out, over its public interfaces only: a standard one,
 * and an event-driven one that is called back. Needs Node 22 or newer and nothing else. From the environment:
 * HEADRACE_API_KEY, HEADRACE_PUBLIC_URL and HEADRACE_CALLBACK_URL (the ports of docker-compose.yml when not set).
 * With HEADRACE_SMOKE_WEBHOOK_HOST, the name under which the system reaches this machine, a webhook is received too.
 */
import assert from 'node:assert/strict';
import { joinChannel } from './smoke-channel.mjs';
import { receiveWebhooks } from './smoke-receiver.mjs';

const {
  HEADRACE_API_KEY: apiKey,
  HEADRACE_PUBLIC_URL: publicUrl = 'http://localhost:4100',
  HEADRACE_CALLBACK_URL: callbackUrl = 'http://localhost:4101',
  HEADRACE_SMOKE_WEBHOOK_HOST: webhookHost,
} = process.env;

const limitMs = 20_000;

async function call(method, url, body, expected = 200) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await response.text();
  assert.equal(response.status, expected, `${method} ${url} answered ${response.status}: ${text}`);
  return text && JSON.parse(text);
}

function ask(workflow) {
  return call('POST', `${publicUrl}/v1/ai/async`, {
    workflow,
    messages: [{ role: 'user', content: 'Hello' }],
    metadata: { run: 'smoke' },
  });
}

/** Reads the request until it is in `state`: its timeline is written a moment after the push. */
async function requestIn(state, channelId) {
  const until = Date.now() + limitMs;
  for (;;) {
    const request = await call('GET', `${publicUrl}/v1/requests/${channelId}`);
    if (request.state === state) return request;
    assert.ok(Date.now() < until, `${channelId} is still ${request.state}, not ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function standardFlow() {
  const accepted = await ask('demo');
  assert.equal(accepted.status, 'pending');
  const channel = await joinChannel(accepted, limitMs);
  const result = await channel.response('success');
  assert.deepEqual(result.customer_data, { run: 'smoke' });
  assert.ok(result.content, 'the result has no text');
  await channel.closed();
  await requestIn('success', accepted.channel_id);
}

/** The backend's part is played here: by the webhook's own callback URL, or by hand. */
async function eventDrivenFlow(webhooks) {
  const accepted = await ask('demo_event');
  const channel = await joinChannel(accepted, limitMs);
  const intermediate = await channel.response('ai_generated');
  assert.equal(intermediate.data, undefined, 'the result was pushed before the backend had seen it');

  let url = `${callbackUrl}/v1/callback/${accepted.channel_id}`;
  if (webhooks) {
    const webhook = await webhooks.of(accepted.channel_id);
    assert.equal(webhook.type, 'task.ai_generated');
    url = webhook.callback_url;
  }
  const body = { data: { id: 'row-1', saved: true } };
  assert.equal((await call('POST', url, body)).status, 'success');
  const result = await channel.response('completed');
  assert.deepEqual(result.data, body.data);
  assert.ok(result.ai_response.data, "the AI's own answer is missing");
  await channel.closed();

  assert.equal((await call('POST', url, body)).status, 'already_completed');
  const { error } = await call('POST', url, { data: { id: 'row-2' } }, 409);
  assert.equal(error.code, 'callback_already_received');
  await requestIn('completed', accepted.channel_id);
  if (webhooks) await deliveryShown(accepted.channel_id);
}

async function deliveryShown(channelId) {
  const until = Date.now() + limitMs;
  for (;;) {
    const { timeline } = await call('GET', `${publicUrl}/v1/requests/${channelId}`);
    if (timeline.some(({ kind, status }) => kind === 'delivery' && status === 'success')) return;
    assert.ok(Date.now() < until, `no successful delivery on the timeline: ${JSON.stringify(timeline)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function run(name, flow) {
  const started = performance.now();
  await flow();
  console.log(`${name}: as it should be, in ${Math.round(performance.now() - started)} ms`);
}

async function main() {
  assert.ok(apiKey, 'Set HEADRACE_API_KEY to the key of the demo project.');
  assert.ok(globalThis.WebSocket, `Node 22 or newer is needed, and this is ${process.versions.node}.`);
  await run('Standard request', standardFlow);
  if (!webhookHost) return run('Event-driven request, called back by hand', () => eventDrivenFlow());
  const webhooks = await receiveWebhooks(webhookHost, limitMs);
  const endpoint = await call('POST', `${publicUrl}/v1/webhooks`, { url: webhooks.url }, 201);
  try {
    webhooks.verifyWith(endpoint.secret);
    await run('Event-driven request, called back by a webhook receiver', () => eventDrivenFlow(webhooks));
  } finally {
    await call('DELETE', `${publicUrl}/v1/webhooks/${endpoint.id}`);
    webhooks.close();
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.name === 'AssertionError' ? error.message : error);
    process.exit(1);
  },
);
