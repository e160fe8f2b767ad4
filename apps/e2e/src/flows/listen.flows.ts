import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { FakeReceiver, waitFor } from '@headrace/testing';
import { BreakableLine } from '../support/breakable-line.js';
import { cleanEnvironment } from '../support/child-process.js';
import { Laptop } from '../support/laptop.js';
import { expectedSignatures } from '../support/signatures.js';
import { testsOn, type Stage } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import type { DeadLetter, WebhookBody } from '../support/wire.js';
import { createWorkflows, workflows } from '../support/workflows.js';

const startLimitMs = 90_000;
/** Retries after 0.1 s, 0.6 s, 2.4 s and 12 s. */
const timeScale = 50;
const bin = fileURLToPath(new URL('../../../cli/bin/headrace.js', import.meta.url));

/** One attempt in `GET /v1/deliveries`. */
interface Delivery {
  readonly endpoint_id: string;
  readonly status: string;
  readonly attempts: readonly {
    readonly number: number;
    readonly http_status: number | null;
    readonly error: { readonly code: string } | null;
  }[];
}

/** `headrace listen` and its sisters, as processes of their own. */
export function describeListening(mode: Mode): void {
  describe(`listening from a laptop, with the system in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);
    const test = testsOn(() => system);

    async function aLaptop(stage: Stage, options: readonly string[] = [], url = stage.api.url): Promise<Laptop> {
      const laptop = await Laptop.start(url, stage.api.key, options);
      stage.atEnd(() => laptop.stop());
      return laptop;
    }

    /** The deliveries of a request in the list, as soon as they fit. */
    function listed(
      stage: Stage,
      channel: string,
      fits: (delivery: Delivery) => boolean,
    ): Promise<readonly Delivery[]> {
      return waitFor(
        async () => {
          const path = `/v1/deliveries?channel_id=${channel}`;
          const { data } = await stage.api.must<{ data: readonly Delivery[] }>('GET', path);
          return data.length > 0 && data.every(fits) && data;
        },
        { timeoutMs: 30_000, everyMs: 50, what: `the deliveries of ${channel} are as expected` },
      );
    }

    test('a request makes its round through a laptop, beside a registered endpoint', async (stage) => {
      const backend = await stage.backend();
      const laptop = await aLaptop(stage);
      const reply = await stage.api.ask({ workflow: workflows.eventDriven });
      const browser = await stage.browser(reply);
      expect(await browser.next()).toMatchObject({ status: 'ai_generated' });
      const webhook = await laptop.webhook(reply.channel_id);
      const registered = await backend.webhook(reply.channel_id);
      expect(webhook.body.equals(registered.body)).toBe(true);
      expect(webhook.headers).toMatchObject(expectedSignatures(webhook, laptop.session.secret));
      expect(webhook.headers['x-modelriver-webhook-id']).toBe(laptop.session.id);
      expect(Object.keys(webhook.headers).sort()).toEqual(Object.keys(registered.headers).sort());
      const callbackUrl = webhook.json<WebhookBody>().callback_url ?? '';
      expect((await stage.api.call('POST', callbackUrl, { data: { from: 'a laptop' } })).status).toBe(200);
      expect(await browser.next()).toMatchObject({ status: 'completed', data: { from: 'a laptop' } });
      expect(await laptop.line(({ channel_id: channel }) => channel === reply.channel_id)).toMatchObject({
        status: 200,
      });
      const deliveries = await listed(stage, reply.channel_id, ({ status }) => status === 'success');
      expect(deliveries.map(({ endpoint_id: endpoint }) => endpoint)).toEqual(
        expect.arrayContaining([backend.endpoint.id, laptop.session.id]),
      );
    });

    test('a laptop gets what it asked for, signed with the secret that it gave', async (stage) => {
      const secret = `whsec_${Buffer.from('the same secret in every run').toString('base64')}`;
      const laptop = await aLaptop(stage, ['--secret', secret, '--workflow', 'demo', '--events', 'task.completed']);
      const other = await aLaptop(stage, ['--workflow', workflows.eventDriven]);
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      const webhook = await laptop.webhook(channel);
      expect(webhook.headers).toMatchObject(expectedSignatures(webhook, secret));
      expect(JSON.stringify(laptop.lines)).not.toContain(secret);
      const deliveries = await listed(stage, channel, ({ status }) => status === 'success');
      expect(deliveries).toMatchObject([{ endpoint_id: laptop.session.id }]);
      expect(other.webhooksOf(channel)).toEqual([]);
    });

    test('a local server that is down is a failed attempt with its reason, and a success once it is up', async (stage) => {
      const laptop = await aLaptop(stage);
      const { port } = laptop.receiver;
      await laptop.receiver.stop();
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      expect(await laptop.line(({ channel_id: of }) => of === channel)).toMatchObject({ code: 'connection_refused' });
      const server = await FakeReceiver.start(port);
      stage.atEnd(() => server.stop());
      const [delivery] = await listed(stage, channel, ({ status }) => status === 'success');
      expect(delivery?.attempts[0]).toMatchObject({
        number: 1,
        http_status: null,
        error: { code: 'connection_refused' },
      });
      expect(delivery?.attempts.at(-1)).toMatchObject({ http_status: 200, error: null });
    });

    test('a connection that is lost for a moment costs nothing: no webhook, no attempt, no second run', async (stage) => {
      const line = await BreakableLine.to(stage.api.url);
      // Before the laptop, which says goodbye over it.
      stage.atEnd(() => line.stop());
      const laptop = await aLaptop(stage, [], line.url);
      const released = Promise.withResolvers<void>();
      laptop.receiver.answerAlways(() => released.promise.then(() => ({ status: 200 })));
      const { channel_id: before } = await stage.api.ask({ workflow: 'demo' });
      await laptop.webhook(before);
      line.break();
      await laptop.line(({ event }) => event === 'lost');
      const { channel_id: meanwhile } = await stage.api.ask({ workflow: 'demo' });
      released.resolve();
      line.mend();
      expect(await laptop.line(({ resumed }) => resumed === true)).toMatchObject({ session: laptop.session.id });
      for (const channel of [before, meanwhile]) {
        const [delivery] = await listed(stage, channel, ({ status }) => status === 'success');
        expect(delivery?.attempts).toMatchObject([{ number: 1, http_status: 200 }]);
        expect(laptop.webhooksOf(channel)).toHaveLength(1);
      }
    });

    test('a session outlives the kill of the process that holds its socket', async (stage) => {
      const laptop = await aLaptop(stage);
      const released = Promise.withResolvers<void>();
      laptop.receiver.answerAlways(() => released.promise.then(() => ({ status: 200 })));
      const { channel_id: before } = await stage.api.ask({ workflow: 'demo' });
      await laptop.webhook(before);
      await stage.system.kill('gateway');
      released.resolve();
      await stage.system.start();
      const { channel_id: after } = await stage.api.ask({ workflow: 'demo' });
      for (const channel of [before, after]) {
        await stage.deliveries(channel, ({ status }) => status === 'success');
        expect(laptop.webhooksOf(channel)).toHaveLength(1);
      }
      expect(laptop.lines.filter(({ event }) => event === 'listening').map(({ session }) => session)).toEqual([
        laptop.session.id,
        laptop.session.id,
      ]);
    });

    test('Ctrl-C ends the session: what is open is given up with the reason, and nothing new is planned', async (stage) => {
      const laptop = await aLaptop(stage);
      laptop.receiver.answerAlways({ status: 500, body: 'not now' });
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      await laptop.webhook(channel);
      expect(await laptop.interrupt()).toEqual({ code: 0, signal: null });
      const letters = `/v1/dead-letters?endpoint_id=${laptop.session.id}`;
      const [letter] = await waitFor(
        async () => {
          const { data } = await stage.api.must<{ data: readonly { id: string }[] }>('GET', letters);
          return data.length > 0 && data;
        },
        { timeoutMs: 30_000, everyMs: 50, what: 'there is a dead letter' },
      );
      const inspected = await stage.api.must<DeadLetter>('GET', `/v1/dead-letters/${letter?.id}`);
      expect(inspected).toMatchObject({ channel_id: channel, reason: 'The listening session has ended.' });
      const backend = await stage.backend();
      const { channel_id: next } = await stage.api.ask({ workflow: 'demo' });
      await backend.webhook(next);
      const deliveries = await listed(stage, next, ({ status }) => status === 'success');
      expect(deliveries).toMatchObject([{ endpoint_id: backend.endpoint.id }]);
    });

    test('the command line makes a request and follows it to its end', async (stage) => {
      const environment = { ...cleanEnvironment(), HEADRACE_URL: stage.api.url, HEADRACE_API_KEY: stage.api.key };
      const run = (...args: string[]) => promisify(execFile)(process.execPath, [bin, ...args], { env: environment });
      const { stdout } = await run('trigger', '--workflow', 'demo', '--message', 'Hello', '--follow');
      const [reply, ...frames] = stdout
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(reply).not.toHaveProperty('ws_token');
      expect(frames).toMatchObject([{ status: 'success', channel_id: reply?.['channel_id'] }]);
      const watched = await run('websocket', '--channel-id', String(reply?.['channel_id']));
      expect(JSON.parse(watched.stdout)).toMatchObject({ status: 'success' });
    });
  });
}
