import { describe, expect } from '@jest/globals';
import { anAsk } from '../support/api-client.js';
import { expectedSignatures } from '../support/signatures.js';
import type { Test } from '../support/stage.js';
import type { AsyncReply, WebhookBody } from '../support/wire.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A request of a workflow without an event name: HTTP in, AI, webhook, push. */
export function standardFlows(test: Test): void {
  describe('a standard request', () => {
    test('is answered at once with where to follow it', async ({ api }) => {
      const answer = await api.call<AsyncReply>('POST', '/v1/ai/async', anAsk({ workflow: 'demo' }));
      expect(answer.status).toBe(200);
      const { channel_id: channel, project_id: project, ws_token: token, websocket_url: url } = answer.body;
      expect(channel).toMatch(uuid);
      expect(project).toMatch(uuid);
      expect(token.split('.')).toHaveLength(3);
      expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/socket$/);
      expect(answer.body).toEqual({
        message: 'success',
        status: 'pending',
        channel_id: channel,
        project_id: project,
        ws_token: token,
        websocket_url: url,
        websocket_channel: `ai_response:${project}:${channel}`,
        customer_data: {},
      });
    });

    test('ends on the socket with success, then the channel closes and the socket stays', async (stage) => {
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { order: 7 }, user_id: 'u1', task_id: 't1' });
      const channel = await stage.browser(reply);
      const frame = await channel.next();
      expect(frame).toMatchObject({
        status: 'success',
        message: 'success',
        channel_id: reply.channel_id,
        customer_data: { order: 7, user_id: 'u1', task_id: 't1' },
        meta: { status: 'success', http_status: 200, workflow: 'demo', provider: 'offline', used_model: 'demo' },
      });
      expect(frame.content).toContain('Hello');
      await channel.ended;
      // A server that closed the connection would have done so before it answers this.
      expect((await stage.api.request(reply.channel_id)).state).toBe('success');
      expect(await Promise.race([channel.disconnected, Promise.resolve('connected')])).toBe('connected');
    });

    test('is delivered as one signed webhook that carries every header', async (stage) => {
      const backend = await stage.backend();
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const sentAt = Math.floor(Date.now() / 1000);
      const reply = await stage.api.call<AsyncReply>('POST', '/v1/ai/async', anAsk({ workflow: 'demo' }), {
        headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      });
      const channel = reply.body.channel_id;
      const webhook = await backend.webhook(channel);
      const { headers } = webhook;
      expect(webhook).toMatchObject({ method: 'POST', path: '/hook' });
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'mr-channel-id': channel,
        'mr-attempt': '1',
        'x-modelriver-webhook-id': backend.endpoint.id,
        ...expectedSignatures(webhook, backend.endpoint.secret),
      });
      expect(headers['mr-delivery-id']).toEqual(expect.stringMatching(/.+/));
      expect(headers['webhook-id']).toEqual(expect.stringMatching(/.+/));
      expect(headers).not.toHaveProperty('x-modelriver-callback-url');
      expect(headers['traceparent']).toContain(traceId);
      const timestamp = Number(headers['mr-timestamp']);
      expect(timestamp).toBeGreaterThanOrEqual(sentAt);
      expect([headers['x-modelriver-timestamp'], headers['webhook-timestamp']].map(Number)).toEqual([
        timestamp,
        timestamp,
      ]);
    });

    test('is delivered with the same result as on the socket and in the request', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { order: 7 } });
      const frame = await (await stage.browser(reply)).next();
      const webhook = await backend.webhook(reply.channel_id);
      const text = webhook.body.toString();
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
      expect(webhook.json<WebhookBody>()).toMatchObject({
        type: 'task.completed',
        workflow: 'demo',
        status: 'success',
        channel_id: reply.channel_id,
        data: frame.data,
        customer_data: { order: 7 },
        meta: { status: 'success', workflow: 'demo' },
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      const request = await stage.api.request(reply.channel_id);
      expect(request).toMatchObject({ state: 'success', result: JSON.parse(JSON.stringify(frame)) as unknown });
    });

    test.each(['/v1/ai/async', '/api/v1/ai/async', '/api/ai/async'])('may be asked at %s', async (path, { api }) => {
      const { channel_id: channel } = await api.must<AsyncReply>('POST', path, anAsk({ workflow: 'demo' }));
      expect((await api.request(channel)).channel_id).toBe(channel);
    });

    test('is pending while the AI works', async ({ api }) => {
      const { channel_id: channel } = await api.ask({ workflow: 'demo', metadata: { latency_ms: 2_000 } });
      expect(await api.request(channel)).toMatchObject({ state: 'pending', result: null });
    });

    test('needs no workflow when it names provider and model', async (stage) => {
      const reply = await stage.api.ask({ provider: 'offline', model: 'any' });
      const frame = await (await stage.browser(reply)).next();
      expect(frame).toMatchObject({ status: 'success', meta: { provider: 'offline', model: 'any' } });
    });

    test('goes to its own webhook_url as well', async (stage) => {
      const [registered, other] = [await stage.backend(), await stage.backend()];
      await stage.api.must('DELETE', `/v1/webhooks/${other.endpoint.id}`);
      const url = `${other.receiver.url}/only-this-request`;
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo', webhook_url: url });
      const [first, second] = [await registered.webhook(channel), await other.webhook(channel)];
      expect(second.path).toBe('/only-this-request');
      expect(second.body.equals(first.body)).toBe(true);
      expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    });
  });

  describe('a failing AI provider', () => {
    test('ends the request with an error on the socket and a webhook task.failed', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { error: 500 } });
      const frame = await (await stage.browser(reply)).next();
      expect(frame).toMatchObject({
        status: 'error',
        data: null,
        error: { message: expect.stringContaining('500'), code: expect.any(String) },
        meta: { status: 'error' },
      });
      const webhook = await backend.webhook(reply.channel_id);
      expect(webhook.json()).toMatchObject({ type: 'task.failed', data: {}, error: { code: frame.error?.code } });
      expect((await stage.api.request(reply.channel_id)).state).toBe('error');
    });
  });

  describe('a structured output', () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, stars: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['title', 'stars'],
      additionalProperties: false,
    };

    test('shapes the data of the frame and the webhook', async (stage) => {
      const { api } = stage;
      const name = `review_${crypto.randomUUID().slice(0, 8)}`;
      const output = await api.must<{ id: string }>('POST', '/v1/structured-outputs', {
        name,
        schema,
        sample_data: { title: 'A sample', stars: 3 },
      });
      const workflow = { name, provider: 'offline', model: 'e2e', structured_output_id: output.id };
      await api.must('POST', '/console/workflow', workflow);
      const backend = await stage.backend();
      const reply = await api.ask({ workflow: name });
      const frame = await (await stage.browser(reply)).next();
      expect(frame).toMatchObject({
        data: { title: expect.any(String), stars: expect.any(Number) },
        meta: { structured_output: true },
      });
      expect(Object.keys(frame.data as object)).toHaveLength(2);
      const webhook = await backend.webhook(reply.channel_id);
      expect(webhook.json<WebhookBody>().data).toEqual(frame.data);

      const test = await api.ask({ workflow: name, test_mode: true });
      expect(test.test_mode).toBe(true);
      expect(await (await stage.browser(test)).next()).toMatchObject({
        data: { title: 'A sample', stars: 3 },
        meta: { provider: 'Testing', model: 'test-mode', test_mode: true },
      });
    });
  });
}
