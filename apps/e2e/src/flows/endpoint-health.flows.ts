import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { expectedSignatures } from '../support/signatures.js';
import type { Stage, Test } from '../support/stage.js';

const type = 'headrace.endpoint.disabled';

interface EndpointView {
  readonly status: string;
  readonly disabled_reason: string | null;
  readonly failing_since: string | null;
}

interface Notice {
  readonly type: string;
  readonly endpoint_id: string;
  readonly url: string;
  readonly reason: string;
  readonly failing_since: string | null;
  readonly last_attempt: { readonly http_status: number | null };
}

/** Endpoints that the system switches off. */
export function endpointHealthFlows(test: Test): void {
  const endpoint = (stage: Stage, id: string) => stage.api.must<EndpointView>('GET', `/v1/webhooks/${id}`);

  describe('an endpoint', () => {
    test('that has only failed for too long is switched off, and its owner gets a signed webhook', async (stage) => {
      const owner = await stage.backend({ events: [type] });
      const failing = await stage.backend();
      failing.answers({ status: 500 });
      const { id } = failing.endpoint;
      const off = await waitFor(
        async () => {
          await stage.api.ask({ workflow: 'demo' });
          const view = await endpoint(stage, id);
          return view.status === 'disabled' && view;
        },
        { timeoutMs: 40_000, everyMs: 100, what: 'the endpoint is switched off' },
      );
      expect(off.disabled_reason).toContain('Every attempt since');

      const webhook = await owner.receiver.next();
      const notice = webhook.json<Notice>();
      expect(notice).toMatchObject({ type, endpoint_id: id, url: failing.endpoint.url, reason: off.disabled_reason });
      expect(notice).toMatchObject({ last_attempt: { http_status: 500 } });
      expect(webhook.headers).toMatchObject(expectedSignatures(webhook, owner.endpoint.secret));
      expect(webhook.headers['mr-channel-id']).toBe(id);
      const { data } = await waitFor(async () => {
        const page = await stage.api.must<{ data: readonly { status: string }[] }>(
          'GET',
          `/v1/deliveries?channel_id=${id}`,
        );
        return page.data[0]?.status === 'success' && page;
      });
      expect(data).toMatchObject([{ channel_id: id, endpoint_id: owner.endpoint.id, type, status: 'success' }]);
      expect(owner.receiver.requests).toHaveLength(1);
    });

    test('that answers 410 is switched off, and its owner is told once', async (stage) => {
      const owner = await stage.backend({ events: [type] });
      const gone = await stage.backend();
      gone.answers({ status: 410 });
      await Promise.all(Array.from({ length: 5 }, () => stage.api.ask({ workflow: 'demo' })));
      const notice = (await owner.receiver.next()).json<Notice>();
      expect(notice).toMatchObject({ endpoint_id: gone.endpoint.id, last_attempt: { http_status: 410 } });
      await waitFor(async () => (await endpoint(stage, gone.endpoint.id)).status === 'disabled');
      expect(owner.receiver.requests).toHaveLength(1);
    });

    test('that fails and recovers stays on', async (stage) => {
      const backend = await stage.backend();
      backend.receiver.answerNext({ status: 500 });
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
      await stage.deliveries(channel, ({ status }) => status === 'success');
      const view = await waitFor(async () => {
        const seen = await endpoint(stage, backend.endpoint.id);
        return seen.failing_since === null && seen;
      });
      expect(view.status).toBe('active');
    });
  });

  describe('an endpoint with a fifo_key', () => {
    test('gets the webhooks of each key one after another, in their order', async (stage) => {
      const backend = await stage.backend({ fifo_key: 'channel_id' });
      const byType = await stage.backend({ fifo_key: 'type' });
      byType.receiver.answerNext({ status: 500 }, { status: 503 });
      const channels: string[] = [];
      for (let request = 0; request < 5; request += 1) {
        const { channel_id: channel } = await stage.api.ask({ workflow: 'demo' });
        // Planned before the next one is asked for: the order is then that of asking.
        await stage.deliveries(channel, () => true);
        channels.push(channel);
      }
      for (const channel of channels) {
        await backend.webhook(channel);
        await stage.deliveries(channel, ({ status }) => status === 'success');
      }
      const seen = byType.receiver.requests.map(({ headers }) => String(headers['mr-channel-id']));
      expect(seen.filter((channel, index) => channel !== seen[index - 1])).toEqual(channels);
      expect(seen).toHaveLength(channels.length + 2);
    });
  });
}
