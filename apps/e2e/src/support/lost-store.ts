import { waitFor } from '@headrace/testing';
import type { Stage } from './stage.js';
import type { RequestView } from './wire.js';

interface ListedRequest {
  readonly channel_id: string;
  readonly state: RequestView['state'];
}

/** All requests that Postgres knows, by channel. */
export async function knownRequests({ api }: Stage): Promise<Map<string, RequestView['state']>> {
  const known = new Map<string, RequestView['state']>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { data: ListedRequest[]; next_cursor: string | null } = await api.must(
      'GET',
      `/v1/requests?limit=100${query}`,
    );
    for (const { channel_id, state } of page.data) known.set(channel_id, state);
    cursor = page.next_cursor;
  }
  return known;
}

/** Resolves when every one of these requests has ended, to how each did. */
export function allEnded(stage: Stage, channels: readonly string[]): Promise<Map<string, RequestView['state']>> {
  const hasEnded = (state: RequestView['state'] | undefined): boolean =>
    state === 'success' || state === 'completed' || state === 'error';
  return waitFor(
    async () => {
      const known = await knownRequests(stage);
      return channels.every((channel) => hasEnded(known.get(channel))) && known;
    },
    { timeoutMs: 40_000, everyMs: 200, what: `${channels.length} requests have ended` },
  );
}

/** Resolves when Postgres knows that the one delivery of a request has succeeded. */
export async function deliveryIsProjected({ api }: Stage, channel: string): Promise<void> {
  await waitFor(
    async () => {
      const list = await api.must<{ data: { status: string }[] }>('GET', `/v1/deliveries?channel_id=${channel}`);
      return list.data.some(({ status }) => status === 'success');
    },
    { what: `the delivery of ${channel} is projected` },
  );
}
