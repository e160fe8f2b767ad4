import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { Headrace, NotFoundError, verifyWebhook } from '@headrace/node';
import { waitFor } from '@headrace/testing';
import { sdkOf } from '../support/node-sdk.js';
import type { Test } from '../support/stage.js';
import { apiOperations, everyOperation } from '../support/sdk-operations.js';

const messages = [{ role: 'user', content: 'Hello' }];
const generator = fileURLToPath(new URL('../../../../tools/sdk/generate-types.mjs', import.meta.url));
const run = promisify(execFile);

/** Scripts of backend developers that set a project up with our own SDK for Node. */
export function nodeSdkConfigurationFlows(test: Test): void {
  describe('the SDK for Node, setting a project up', () => {
    test('saves a workflow, changes it, and brings an earlier version back', async (stage) => {
      const { workflows } = sdkOf(stage);
      const name = `sdk-${crypto.randomUUID()}`;
      const made = await workflows.create({ name, provider: 'offline', model: 'first' });
      expect(made).toMatchObject({ version: 1, warnings: [] });
      await workflows.update(name, { model: 'second', retry: { attempts: 3 } });
      expect(await workflows.diff(name, 1, 2)).toMatchObject({
        changes: expect.arrayContaining([{ path: '/model', from: 'first', to: 'second' }]),
      });
      expect(await workflows.rollback(name, 1)).toMatchObject({ version: 3, model: 'first', retry: null });
      const versions = [];
      for await (const { version } of workflows.versions(name, { limit: 2 })) versions.push(version);
      expect(versions).toEqual([3, 2, 1]);
      expect(await workflows.version(name, 2)).toMatchObject({ workflow: { model: 'second' } });
      expect((await workflows.list({ name }).page()).data).toEqual([await workflows.get(made.id)]);
      expect(await workflows.delete(name)).toEqual({ id: made.id, deleted: true });
      await expect(workflows.get(name)).rejects.toBeInstanceOf(NotFoundError);
    });

    test('registers an endpoint, tests it, pauses it and lets it go again', async (stage) => {
      const headrace = sdkOf(stage);
      const { receiver } = await stage.backend({ events: ['headrace.budget.reached'] });
      const endpoint = await headrace.webhooks.create({ url: `${receiver.url}/hook` });
      stage.atEnd(async () => void (await headrace.webhooks.delete(endpoint.id)));
      const [tested] = (await headrace.webhooks.test(endpoint.id, 'task.completed')).data;
      expect(tested).toMatchObject({ type: 'task.completed', attempt: { error: null } });
      const received = await receiver.next(({ headers }) => headers['webhook-id'] === tested?.webhook_id);
      const webhook = verifyWebhook(received, { secret: endpoint.secret });
      expect(webhook.payload).toMatchObject({ type: 'task.completed' });

      expect(await headrace.webhooks.pause(endpoint.id)).toMatchObject({ status: 'paused' });
      const { channel_id: channel } = await headrace.trigger({ workflow: 'demo', messages });
      await headrace.requests.wait(channel);
      expect(await headrace.webhooks.resume(endpoint.id)).toMatchObject({ status: 'active' });
      await receiver.next((request) => request.json<{ channel_id: string }>().channel_id === channel);
      const rotated = await headrace.webhooks.rotateSecret(endpoint.id, { overlap_seconds: 60 });
      expect(rotated.secret).not.toBe(endpoint.secret);
      expect(await headrace.webhooks.stats(endpoint.id)).toMatchObject({ window: '24h' });
    });

    test('sends dead letters once more, one and many', async (stage) => {
      const headrace = sdkOf(stage);
      const backend = await stage.backend({ retry: { schedule_seconds: [0] } });
      const { endpoint } = backend.answers({ status: 500 });
      for (let count = 0; count < 2; count += 1) await headrace.trigger({ workflow: 'demo', messages });
      const letters = await waitFor(
        async () => {
          const { data } = await headrace.deadLetters.list({ endpoint_id: endpoint.id }).page();
          return data.length === 2 && data;
        },
        { timeoutMs: 20_000, everyMs: 50, what: 'both are dead letters' },
      );
      backend.answers({ status: 200 });
      const [{ id } = { id: '' }] = letters;
      expect(await headrace.deadLetters.get(id)).toMatchObject({ http_status: 500, payload: expect.any(String) });
      expect(await headrace.deadLetters.replay(id)).toMatchObject({ replay_of: id });
      const replay = await headrace.deadLetters.replayMany({ endpoint_id: endpoint.id, include_replayed: true });
      const done = await waitFor(
        async () => {
          const view = await headrace.replays.get(replay.id);
          return view.status === 'completed' && view.pending === 0 && view;
        },
        { timeoutMs: 20_000, everyMs: 50, what: 'the replay is through' },
      );
      expect(done).toMatchObject({ total: 2 });
    });

    test('is described by a document that has every schema that it refers to', async (stage) => {
      const document = await stage.api.must<{ components: { schemas: object } }>('GET', '/openapi.json');
      const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
      expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(names)]));
    });

    test('has a method for every route, and the types that the routes describe', async (stage) => {
      const { paths } = await stage.api.must<{ paths: Record<string, object> }>('GET', '/openapi.json');
      const called: string[] = [];
      const record: typeof fetch = (url, init) => {
        called.push(`${init?.method ?? 'GET'} ${new URL(new Request(url).url).pathname}`);
        return Promise.resolve(Response.json({ data: [], next_cursor: null, ended_at: 'now' }));
      };
      const headrace = new Headrace({ apiKey: 'k', baseUrl: stage.api.url, fetch: record });
      for (const call of everyOperation(headrace)) await call();
      expect([...new Set(called)].sort()).toEqual(apiOperations(paths));

      const env = { ...process.env, HEADRACE_URL: stage.api.url };
      await run(process.execPath, [generator, '--check'], { env, timeout: 30_000 });
    });
  });
}
