import type { DeliveryAttempt, DeliveryEvent } from '@headrace/contracts';
import type { DataSource } from 'typeorm';
import type { DeliveryRow } from './read-model.rows.js';

type Tried = Exclude<DeliveryEvent, { type: 'delivery.planned' }>;

const triedTypes: readonly Tried['type'][] = ['delivery.attempted', 'delivery.succeeded', 'delivery.dead-lettered'];

// As text, because Postgres refuses to look into JSON that holds an escaped NUL anywhere.
const findAttempts = `
  SELECT wanted.id, event.data
  FROM unnest($2::text[], $3::text[]) AS wanted (channel, id)
  JOIN timeline_events AS event
    ON event.project_id = $1 AND event.channel = wanted.channel AND event.type = ANY($4::text[])
   AND strpos(event.data::text, wanted.id) > 0
  ORDER BY event.sequence`;

/** The attempts made for each of a project's deliveries, by delivery id, in the order in which they were recorded. */
export async function readDeliveryAttempts(
  dataSource: DataSource,
  project: string,
  deliveries: readonly Pick<DeliveryRow, 'channel' | 'id'>[],
): Promise<Map<string, DeliveryAttempt[]>> {
  const attempts = new Map(deliveries.map(({ id }): [string, DeliveryAttempt[]] => [id, []]));
  if (attempts.size === 0) return attempts;
  const found = await dataSource.query<{ id: string; data: Tried['data'] }[]>(findAttempts, [
    project,
    deliveries.map(({ channel }) => channel),
    deliveries.map(({ id }) => id),
    triedTypes,
  ]);
  for (const { id, data } of found) {
    if (data.deliveryId === id && data.attempt) attempts.get(id)?.push(data.attempt);
  }
  return attempts;
}
