import { describe, expect } from '@jest/globals';
import { isFinal } from '../support/browser.js';
import { expectedSignatures } from '../support/signatures.js';
import type { Test } from '../support/stage.js';
import type { WebhookBody } from '../support/wire.js';
import { workflows } from '../support/workflows.js';

const workflow = workflows.eventDriven;

/** A request that waits for the customer's backend before it ends. */
export function eventDrivenFlows(test: Test): void {
  describe('an event-driven request', () => {
    test('tells browser and backend that the AI has answered, and ends with what the backend says', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow, metadata: { order: 7 } });
      const channel = await stage.browser(reply);

      const generated = await channel.next();
      expect(generated).toMatchObject({ status: 'ai_generated', event_name: 'row_ready', customer_data: { order: 7 } });
      expect(generated).not.toHaveProperty('data');
      expect(generated).not.toHaveProperty('ai_response');
      expect(generated.meta).not.toHaveProperty('status');

      const webhook = await backend.webhook(reply.channel_id);
      const body = webhook.json<WebhookBody>();
      const callbackUrl = `${stage.system.urlOf('callback-service')}/v1/callback/${reply.channel_id}`;
      expect(webhook.headers).toMatchObject({
        'x-modelriver-callback-url': callbackUrl,
        ...expectedSignatures(webhook, backend.endpoint.secret),
      });
      expect(body).toMatchObject({
        type: 'task.ai_generated',
        event: 'row_ready',
        workflow,
        status: 'success',
        callback_url: callbackUrl,
        callback_required: true,
        customer_data: { order: 7 },
      });
      expect(body.data).toEqual(body.ai_response?.data);

      const answer = await backend.callback(webhook, { data: { id: 'row-1' }, task_id: 't1', metadata: { took: 3 } });
      expect(answer).toMatchObject({
        status: 200,
        body: { message: 'success', status: 'success', channel_id: reply.channel_id },
      });
      const completed = await channel.next();
      expect(completed).toMatchObject({
        status: 'completed',
        event_name: 'row_ready',
        task_id: 't1',
        data: { id: 'row-1' },
        ai_response: { data: body.data, meta: { provider: 'offline' } },
        callback_metadata: { took: 3 },
        customer_data: { order: 7 },
        meta: { status: 'completed' },
      });
      await channel.ended;
      expect((await stage.api.request(reply.channel_id)).state).toBe('completed');
      // The backend knows what it said: it is told nothing more.
      expect(backend.webhooksOf(reply.channel_id)).toHaveLength(1);
    });

    test('may be made so by its events', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ provider: 'offline', model: 'any', events: ['from_request', 'ignored'] });
      const webhook = await backend.webhook(reply.channel_id);
      expect(webhook.json()).toMatchObject({ type: 'task.ai_generated', event: 'from_request' });
    });

    test('ends with an error when the backend reports one', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow });
      const channel = await stage.browser(reply);
      const webhook = await backend.webhook(reply.channel_id);
      const error = { error: 'out_of_stock', message: 'Nothing is left.' };
      expect((await backend.callback(webhook, error)).status).toBe(200);
      expect(await channel.next()).toMatchObject({ status: 'ai_generated' });
      expect(await channel.next()).toMatchObject({
        status: 'error',
        message: 'Nothing is left.',
        error: { message: 'Nothing is left.', code: expect.any(String) },
        data: null,
        meta: { status: 'error' },
      });
      expect((await stage.api.request(reply.channel_id)).state).toBe('error');
    });

    test('takes a callback that comes before the webhook was answered', async (stage) => {
      const backend = await stage.backend();
      const called = Promise.withResolvers<void>();
      backend.answers(() => called.promise.then(() => ({ status: 200 })));
      const reply = await stage.api.ask({ workflow });
      const channel = await stage.browser(reply);
      const webhook = await backend.webhook(reply.channel_id);
      expect(await backend.callback(webhook, { data: { id: 'early' } })).toMatchObject({
        status: 200,
        body: { status: 'success' },
      });
      expect(await channel.next()).toMatchObject({ status: 'ai_generated' });
      expect(await channel.next()).toMatchObject({ status: 'completed', data: { id: 'early' } });
      called.resolve();
      await stage.deliveries(reply.channel_id, ({ status }) => status === 'success');
      expect(backend.webhooksOf(reply.channel_id)).toHaveLength(1);
    });
  });

  describe('a callback', () => {
    test('is taken once: repeated it changes nothing, another one is refused and kept', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow });
      const channel = await stage.browser(reply);
      const webhook = await backend.webhook(reply.channel_id);
      const call = (id: string) => backend.callback(webhook, { data: { id } });
      expect((await call('first')).body).toMatchObject({ status: 'success' });
      expect(await call('first')).toMatchObject({
        status: 200,
        body: { status: 'already_completed', channel_id: reply.channel_id },
      });
      expect(await call('second')).toMatchObject({
        status: 409,
        body: { error: { code: 'callback_already_received' } },
      });
      await channel.ended;
      expect(channel.frames.filter(isFinal)).toMatchObject([{ status: 'completed', data: { id: 'first' } }]);
      const { result, timeline } = await stage.api.request(reply.channel_id);
      expect(result).toMatchObject({ data: { id: 'first' } });
      const callbacks = timeline.filter(({ kind }) => kind === 'callback');
      expect(callbacks.map(({ accepted }) => accepted)).toEqual([true, false]);
    });

    test.each(['/v1/callback', '/api/v1/callback'])('may be posted to %s', async (path, stage) => {
      const backend = await stage.backend();
      const { channel_id: channel } = await stage.api.ask({ workflow });
      await backend.webhook(channel);
      const url = `${stage.system.urlOf('callback-service')}${path}/${channel}`;
      expect((await stage.api.call('POST', url, { data: {} })).status).toBe(200);
    });

    test('is refused with 400 when it has neither an object as data nor an error', async (stage) => {
      const backend = await stage.backend();
      const { channel_id: channel } = await stage.api.ask({ workflow });
      const webhook = await backend.webhook(channel);
      for (const body of [{}, { data: 'text' }, { data: [] }, []]) {
        expect((await backend.callback(webhook, body)).status).toBe(400);
      }
      expect((await stage.api.request(channel)).state).toBe('ai_generated');
    });

    test('is refused where none is expected, for unknown channels, and without the right key', async (stage) => {
      const { api, system } = stage;
      const base = `${system.urlOf('callback-service')}/v1/callback`;
      const call = (channel: string, key?: string | null) =>
        api.call('POST', `${base}/${channel}`, { data: {} }, { key });
      const standard = await api.ask({ workflow: 'demo' });
      await (
        await stage.browser(standard)
      ).ended;
      expect(await call(standard.channel_id)).toMatchObject({
        status: 409,
        body: { error: { code: 'callback_not_expected' } },
      });
      expect((await call(crypto.randomUUID())).status).toBe(404);
      expect((await call(standard.channel_id, null)).status).toBe(401);
      expect((await call(standard.channel_id, 'mr_live_nobody')).status).toBe(401);
      expect((await call(standard.channel_id, await system.newProjectKey('Callbacks'))).status).toBe(403);
    });
  });
}
