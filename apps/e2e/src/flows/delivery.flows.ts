import { describe, expect } from '@jest/globals';
import type { Test } from '../support/stage.js';

const attempts = 8;

/** Endpoints that fail. */
export function deliveryFlows(test: Test): void {
  describe('a webhook', () => {
    test('that was answered with 500 comes again with the same bytes and ids, signed anew', async (stage) => {
      const backend = await stage.backend();
      backend.receiver.answerNext({ status: 500, body: 'not now' });
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

    test('to one endpoint does not wait for another that hangs', async (stage) => {
      const [hanging, healthy] = [await stage.backend(), await stage.backend()];
      hanging.answers({ hang: true });
      const asked = await Promise.all(Array.from({ length: 10 }, () => stage.api.ask({ workflow: 'demo' })));
      const delivered = await Promise.all(asked.map(({ channel_id: channel }) => healthy.webhook(channel)));
      expect(delivered).toHaveLength(asked.length);
    });
  });
}
