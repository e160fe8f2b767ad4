import { describe, expect } from '@jest/globals';
import {
  AuthenticationError,
  ConflictError,
  GenerationError,
  Headrace,
  NotFoundError,
  textOf,
  toolCallsOf,
  verifyWebhook,
  type VerifiedWebhook,
} from '@headrace/node';
import type { ReceivedRequest } from '@headrace/testing';
import type { Backend } from '../support/backend.js';
import { sdkOf } from '../support/node-sdk.js';
import type { Test } from '../support/stage.js';
import { weatherTool } from '../support/tools.js';
import { workflows } from '../support/workflows.js';

const messages = [{ role: 'user', content: 'Hello' }];
const review = {
  type: 'object',
  properties: { title: { type: 'string' }, stars: { type: 'integer' } },
  required: ['title', 'stars'],
};
interface Review {
  readonly title: string;
  readonly stars: number;
}

const verified = <Data>({ body, headers }: ReceivedRequest, secret: string | string[]): VerifiedWebhook<Data> =>
  verifyWebhook<Data>({ body, headers }, { secret });

/** Customers' servers that use our own SDK for Node. */
export function nodeSdkFlows(test: Test): void {
  describe('the SDK for Node', () => {
    test('triggers, verifies the webhook, calls back and sees the request completed', async (stage) => {
      const headrace = sdkOf(stage);
      const backend = await stage.backend();
      const ask = { workflow: workflows.eventDriven, messages, metadata: { order: 7 } };
      const { channel_id: channel } = await headrace.trigger({ ...ask, structured_output_schema: review });
      const webhook = verified<Review>(await backend.webhook(channel), backend.endpoint.secret);
      const { payload } = webhook;
      if (payload.type !== 'task.ai_generated') throw new Error(payload.type);
      expect(payload).toMatchObject({ event: 'row_ready', customer_data: { order: 7 } });
      expect(payload.data).toEqual({ title: expect.any(String), stars: expect.any(Number) });
      expect(webhook).toMatchObject({ attempt: 1, endpointId: backend.endpoint.id });

      const reply = await headrace.callbacks.complete(webhook, { id: 'row-1' }, { taskId: 't-1' });
      expect(reply).toMatchObject({ status: 'success', channel_id: channel });
      expect(await headrace.callbacks.complete(webhook, { id: 'row-1' }, { taskId: 't-1' })).toMatchObject({
        status: 'already_completed',
      });
      await expect(headrace.callbacks.fail(webhook, 'too_late')).rejects.toBeInstanceOf(ConflictError);
      expect(await headrace.requests.wait(channel)).toMatchObject({
        state: 'completed',
        result: { data: { id: 'row-1' }, task_id: 't-1' },
      });
    });

    test('answers tool calls, goes on with another workflow, and gets its answer', async (stage) => {
      const headrace = sdkOf(stage);
      const backend = await stage.backend();
      const { channel_id: channel } = await headrace.trigger({
        workflow: workflows.eventDriven,
        messages,
        tools: [weatherTool],
      });
      const asked = await webhookOfRound(backend, channel, 0);
      const [call] = toolCallsOf(asked.payload.data);
      expect(call).toMatchObject({ name: 'weather', arguments: { city: expect.any(String) } });
      const results = [{ tool_call_id: call?.id ?? '', content: { sunny: true } }];
      expect(await headrace.callbacks.sendToolResults(asked, results)).toMatchObject({ round: 1 });

      const answered = await webhookOfRound(backend, channel, 1);
      expect(toolCallsOf(answered.payload.data)).toEqual([]);
      expect(textOf(answered.payload.data)).toEqual(expect.any(String));
      const next = { workflow: 'demo', messages: [{ role: 'user', content: 'And now?' }] };
      expect(await headrace.callbacks.continueWith(answered, next)).toMatchObject({ status: 'success', round: 2 });
      const last = verified(await backend.webhook(channel, 'task.completed'), backend.endpoint.secret);
      expect(textOf(last.payload.data)).toContain('And now?');
    });

    test('fails a request for a reason of its own', async (stage) => {
      const headrace = sdkOf(stage);
      const backend = await stage.backend();
      const { channel_id: channel } = await headrace.trigger({ workflow: workflows.eventDriven, messages });
      const webhook = verified(await backend.webhook(channel), backend.endpoint.secret);
      await headrace.callbacks.fail(webhook, 'sold_out', 'Nothing is left.');
      const failed = verified(await backend.webhook(channel, 'task.failed'), backend.endpoint.secret);
      if (failed.payload.type !== 'task.failed') throw new Error(failed.payload.type);
      expect(failed.payload.error).toMatchObject({ message: 'Nothing is left.' });
      expect(failed.callbackUrl).toBeNull();
    });

    test('verifies with the old secret and the new one while the secret changes', async (stage) => {
      const backend = await stage.backend();
      const { id, secret: older } = backend.endpoint;
      const { secret } = await stage.api.must<{ secret: string }>('POST', `/v1/webhooks/${id}/rotate-secret`, {});
      const { channel_id: channel } = await sdkOf(stage).trigger({ workflow: 'demo', messages });
      const received = await backend.webhook(channel);
      expect(secret).not.toBe(older);
      for (const known of [secret, older, [older, secret]]) {
        expect(verified(received, known).payload.type).toBe('task.completed');
      }
    });

    test('asks and waits, and throws what came of a failure', async (stage) => {
      const headrace = sdkOf(stage);
      const answer = await headrace.ask({ workflow: 'demo', messages });
      expect(textOf(answer.data)).toContain('Hello');
      expect(answer.meta).toMatchObject({ status: 'success', workflow: 'demo' });
      const structured = await headrace.ask<Review>({ workflow: 'demo', messages, structured_output_schema: review });
      expect(structured.data.stars).toEqual(expect.any(Number));
      const failing = headrace.ask({ workflow: 'demo', messages, metadata: { error: 400 } });
      const error: unknown = await failing.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GenerationError);
      expect(error).toMatchObject({ code: 'provider_failed', meta: { attempts: [{ success: false }] } });
    });

    test('streams an answer, and hears when it breaks off', async (stage) => {
      const headrace = sdkOf(stage);
      const whole = textOf((await headrace.ask({ workflow: 'demo', messages })).data);
      const stream = await headrace.stream({ workflow: 'demo', messages, metadata: { chunks: 5, chunk_delay_ms: 10 } });
      const pieces = [];
      for await (const piece of stream.texts()) pieces.push(piece);
      expect(pieces.join('')).toBe(whole);
      expect(pieces.length).toBeGreaterThan(2);
      const broken = await headrace.stream({
        workflow: 'demo',
        messages,
        metadata: { error: 'disconnect', chunks: 9 },
      });
      await expect(broken.text()).rejects.toBeInstanceOf(GenerationError);
    });

    test('ends the request of a stream that its reader leaves', async (stage) => {
      const headrace = sdkOf(stage);
      const slow = { chunks: 100, chunk_delay_ms: 500 };
      const stream = await headrace.stream({ workflow: 'demo', messages, metadata: slow });
      for await (const text of stream.texts()) {
        expect(text).not.toBe('');
        break;
      }
      expect(await headrace.requests.wait(stream.channelId ?? '')).toMatchObject({ state: 'cancelled' });
    });

    test('makes one request of repetitions with one idempotency key', async (stage) => {
      const headrace = sdkOf(stage);
      const options = { idempotencyKey: `order-${crypto.randomUUID()}` };
      const first = await headrace.trigger({ workflow: 'demo', messages }, options);
      const second = await headrace.trigger({ workflow: 'demo', messages }, options);
      expect(second.channel_id).toBe(first.channel_id);
      const other = headrace.trigger({ workflow: 'demo', messages, metadata: { other: true } }, options);
      await expect(other).rejects.toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    });

    test('cancels, lists page by page, and hands out new tokens', async (stage) => {
      const headrace = sdkOf(stage);
      const slow = { workflow: 'demo', messages, metadata: { latency_ms: 60_000 } };
      const { channel_id: channel } = await headrace.trigger(slow);
      expect(await headrace.reconnect(channel)).toMatchObject({ channel_id: channel, ws_token: expect.any(String) });
      expect(await headrace.requests.cancel(channel)).toMatchObject({ status: 'cancelled' });
      expect(await headrace.requests.wait(channel)).toMatchObject({ state: 'cancelled' });
      await headrace.trigger({ workflow: 'demo', messages });
      const seen = new Set<string>();
      for await (const { channel_id: each } of headrace.requests.list({ limit: 1 })) {
        seen.add(each);
        if (seen.size === 2) break;
      }
      expect(seen.size).toBe(2);
    });

    test('tells errors by their classes', async (stage) => {
      const unknown = sdkOf(stage).trigger({ workflow: 'nope', messages });
      await expect(unknown).rejects.toBeInstanceOf(NotFoundError);
      await expect(unknown).rejects.toMatchObject({ code: 'model_not_found', param: 'workflow' });
      const stranger = new Headrace({ apiKey: 'mr_live_nobody', baseUrl: stage.api.url });
      await expect(stranger.trigger({ workflow: 'demo', messages })).rejects.toBeInstanceOf(AuthenticationError);
    });
  });
}

/** The webhook of one answer of a request; it may come more than once. */
async function webhookOfRound({ receiver, endpoint }: Backend, channel: string, round: number) {
  const received = await receiver.next((request) => {
    const body = request.json<{ channel_id: string; type: string; round?: number }>();
    return body.channel_id === channel && body.type === 'task.ai_generated' && (body.round ?? 0) === round;
  });
  return verified(received, endpoint.secret);
}
