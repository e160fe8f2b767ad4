import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from '@jest/globals';
import type { ReceivedRequest } from '@headrace/testing';
import type { Backend } from '../support/backend.js';
import { isFinal, watchToTheEnd } from '../support/browser.js';
import type { Stage, Test } from '../support/stage.js';
import type { AsyncReply, WebhookBody } from '../support/wire.js';
import { shortWindowMs, workflows } from '../support/workflows.js';

const workflow = workflows.shortWindow;
const endLimitMs = 30_000;

/** Callback windows that end. */
export function timeoutFlows(test: Test): void {
  describe('a callback window', () => {
    test('fails the request when it ends, and refuses the callback that comes after it', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow });
      const channel = await stage.browser(reply);
      const webhook = await backend.webhook(reply.channel_id, 'task.ai_generated');
      expect(await channel.next()).toMatchObject({ status: 'ai_generated' });
      expect(await channel.next()).toMatchObject({
        status: 'error',
        error: { code: 'callback_timeout', message: expect.any(String) },
        data: null,
        meta: { status: 'error' },
      });
      const { timestamp } = webhook.json<WebhookBody>();
      expect(Date.now() - Date.parse(timestamp)).toBeGreaterThanOrEqual(shortWindowMs);
      const failed = await backend.webhook(reply.channel_id, 'task.failed');
      expect(failed.json()).toMatchObject({ error: { code: 'callback_timeout' }, data: {} });
      expect(await backend.callback(webhook, { data: { id: 'late' } })).toMatchObject({
        status: 410,
        body: { error: { code: 'callback_expired' } },
      });
      const { state, timeline } = await stage.api.request(reply.channel_id);
      expect(state).toBe('error');
      expect(timeline.filter(({ kind }) => kind === 'callback')).toMatchObject([
        { status: 'timeout', accepted: true },
        { status: 'error', accepted: false, error: { code: 'callback_expired' } },
      ]);
    });

    test('leaves exactly one end, whichever of callback and timeout is first', async (stage) => {
      const backend = await stage.backend();
      const racers = await Promise.all(Array.from({ length: 40 }, (_, index) => race(stage, backend, index)));
      for (const { status, final, request } of racers) {
        expect(status).toBe(final.status === 'completed' ? 200 : 410);
        expect(request.result).toEqual(JSON.parse(JSON.stringify(final)));
      }
      const ends = racers.map(({ final }) => final.error?.code ?? final.status);
      expect(new Set(ends)).toEqual(new Set(['completed', 'callback_timeout']));
    });
  });
}

/** One request whose callback is posted near the end of its window, the first ones at once, the last ones after it. */
async function race(stage: Stage, backend: Backend, index: number) {
  const reply = await stage.api.ask({ workflow });
  const watched = watchToTheEnd(reply, AbortSignal.timeout(endLimitMs));
  const webhook = await backend.webhook(reply.channel_id, 'task.ai_generated');
  const { status } = await postNearTheEnd(backend, webhook, index, watched);
  const frames = await watched;
  const late = await framesOfLateJoin(stage, reply);
  const finals = [...frames, ...late].filter(isFinal);
  const [final] = finals;
  if (!final) throw new Error('No final frame came.');
  for (const other of finals) expect(other).toEqual(final);
  return { status, final, request: await stage.api.request(reply.channel_id) };
}

async function postNearTheEnd(backend: Backend, webhook: ReceivedRequest, index: number, ended: Promise<unknown>) {
  const body = { data: { id: `racer-${index}` } };
  if (index < 4) return backend.callback(webhook, body);
  if (index >= 36) await ended;
  else await delay(untilTheRace(webhook, index));
  return backend.callback(webhook, body);
}

/** The timer is 150 to 450 ms late (DESIGN section 2): the race is around there. */
function untilTheRace(webhook: ReceivedRequest, index: number): number {
  const { timestamp } = webhook.json<WebhookBody>();
  return Math.max(0, Date.parse(timestamp) + shortWindowMs + index * 15 - Date.now());
}

async function framesOfLateJoin(stage: Stage, reply: AsyncReply) {
  const channel = await stage.browser(reply);
  await channel.ended;
  return channel.frames;
}
