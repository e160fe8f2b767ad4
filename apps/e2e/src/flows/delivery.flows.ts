import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Test } from '../support/stage.js';
import type { DeadLetter } from '../support/wire.js';

const attempts = 8;
/** How long they may take on a busy machine. */
const eightAttempts = { timeoutMs: 20_000, everyMs: 50, what: 'there is a dead letter' };

/** Endpoints that fail. */
export function deliveryFlows(test: Test): void {
  describe('a webhook', () => {
    test('that was answered with 500 comes again with the same bytes and ids, signed anew', async (stage) => {
      const backend = await stage.backend();
      // Whatever webhook: one of an earlier request may come late.
      backend.answers(({ headers }) => (headers['mr-attempt'] === '1' ? { status: 500, body: 'not now' } : {}));
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      const [first, second] = [await backend.webhook(channel), await backend.webhook(channel)];
      expect(second.body.equals(first.body)).toBe(true);
      for (const header of ['webhook-id', 'mr-delivery-id', 'mr-signature', 'x-modelriver-webhook-id']) {
        expect(second.headers[header]).toBe(first.headers[header]);
      }
      expect([first, second].map(({ headers }) => headers['mr-attempt'])).toEqual(['1', '2']);
      const [delivery] = await stage.deliveries(channel, ({ status }) => status === 'success');
      expect(delivery?.attempts).toMatchObject([
        { number: 1, http_status: 500 },
        { number: 2, http_status: 200 },
      ]);
      expect(delivery?.request_body).toBe(first.body.toString());
    });

    test('is a dead letter after the last attempt, and the request has ended well all the same', async (stage) => {
      const backend = await stage.backend();
      backend.answers({ status: 503 });
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      const [delivery] = await stage.deliveries(channel, ({ status }) => status === 'error');
      expect(delivery).toMatchObject({ http_status: 503, next_attempt_at: null });
      expect(delivery?.attempts).toHaveLength(attempts);
      const received = backend.webhooksOf(channel);
      expect(received.map(({ headers }) => headers['mr-attempt'])).toEqual(
        Array.from({ length: attempts }, (_, index) => String(index + 1)),
      );
      expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
      expect((await stage.api.request(channel)).state).toBe('success');
    });

    test('that is a dead letter can be inspected and replayed, with the same bytes under the same id', async (stage) => {
      const backend = await stage.backend();
      backend.answers({ status: 503 });
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      const letters = `/v1/dead-letters?endpoint_id=${backend.endpoint.id}`;
      const [letter] = await waitFor(async () => {
        const { data } = await stage.api.must<{ data: readonly { id: string }[] }>('GET', letters);
        return data.length > 0 && data;
      }, eightAttempts);
      const id = String(letter?.id);
      const received = backend.webhooksOf(channel);
      const last = received.at(-1);
      const inspected = await stage.api.must<DeadLetter>('GET', `/v1/dead-letters/${id}`);
      expect(inspected).toMatchObject({ id, channel_id: channel });
      expect(inspected.attempts.map(({ http_status: status }) => status)).toEqual(received.map(() => 503));
      expect(inspected.payload).toBe(last?.body.toString());
      for (const [name, value] of Object.entries(inspected.headers)) {
        expect([name, last?.headers[name.toLowerCase()]]).toEqual([name, value]);
      }

      backend.receiver.reset();
      const replay = await stage.api.must<{ id: string }>('POST', `/v1/dead-letters/${id}/replay`);
      const second = await backend.webhook(channel);
      expect(second.body.toString()).toBe(inspected.payload);
      expect(second.headers['webhook-id']).toBe(last?.headers['webhook-id']);
      expect(second.headers['mr-delivery-id']).toBe(replay.id);
      const shown = await stage.deliveries(channel, ({ status }) => status !== 'planned');
      expect(shown).toMatchObject([
        { status: 'error', replay_of: null },
        { status: 'success', replay_of: id },
      ]);
      const { data } = await waitFor(async () => {
        const path = `/v1/deliveries?channel_id=${channel}&status=success`;
        const page = await stage.api.must<{ data: readonly unknown[] }>('GET', path);
        return page.data.length > 0 && page;
      });
      expect(data).toMatchObject([{ id: replay.id, replay_of: id, attempts: [{ number: 1, http_status: 200 }] }]);
    });

    test('to one endpoint does not wait for another that hangs', async (stage) => {
      const [hanging, healthy] = [await stage.backend(), await stage.backend()];
      hanging.answers({ hang: true });
      const asked = await Promise.all(Array.from({ length: 10 }, () => stage.api.ask({ workflow: 'demo' })));
      const delivered = await Promise.all(asked.map(({ channel_id: channel }) => healthy.webhook(channel)));
      expect(delivered).toHaveLength(asked.length);
    });
  });
}
