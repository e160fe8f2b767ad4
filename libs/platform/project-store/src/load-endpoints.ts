import type { JsonObject, RetrySetting, WebhookType } from '@headrace/contracts';
import type { SecretBox } from '@headrace/secrets';
import type { DataSource } from 'typeorm';
import { openHeaders } from './administration/webhook-endpoint.record.js';
import type { WebhookEndpoint } from './project-configuration.js';
import { purposes } from './sealing.js';

interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly events: WebhookType[] | null;
  readonly workflows: string[] | null;
  readonly event_names: string[] | null;
  readonly payload_filter: JsonObject | null;
  readonly active: boolean;
  readonly is_paused: boolean;
  readonly failing_since: Date | null;
  /** Sealed. */
  readonly secrets: readonly string[] | null;
  /** Sealed. */
  readonly headers: string | null;
  readonly retry: RetrySetting | null;
  readonly max_in_flight: number | null;
  readonly rate_limit_per_second: number | null;
  readonly fifo_key: string | null;
}

/*
 * Written out, because a project may have 10,000 endpoints and each change of one loads them all: with entities that
 * blocks the process four times as long. The current secret has no end and goes first; of those that end, the one that
 * lasts longest.
 */
const query = `
  SELECT e.id, e.url, e.events, e.workflows, e.event_names, e.payload_filter, e.active,
         e.paused_at IS NOT NULL AS is_paused, e.failing_since, e.headers, e.retry, e.max_in_flight,
         e.rate_limit_per_second, e.fifo_key, s.secrets
  FROM webhook_endpoints e
  LEFT JOIN (
    SELECT w.endpoint_id, array_agg(w.secret ORDER BY w.expires_at DESC NULLS FIRST) AS secrets
    FROM webhook_secrets w JOIN webhook_endpoints o ON o.id = w.endpoint_id
    WHERE o.project_id = $1 AND (w.expires_at IS NULL OR w.expires_at > $2)
    GROUP BY w.endpoint_id
  ) s ON s.endpoint_id = e.id
  WHERE e.project_id = $1
  ORDER BY e.created_at, e.id`;

/** A project's endpoints as the hot path needs them, oldest first. Throws `SecretUnreadable`. */
export async function loadEndpoints(
  { manager }: Pick<DataSource, 'manager'>,
  secretBox: SecretBox,
  projectId: string,
): Promise<WebhookEndpoint[]> {
  const rows = await manager.query<EndpointRow[]>(query, [projectId, new Date()]);
  return rows.map((row) => endpointOf(row, secretBox));
}

const endpointOf = (row: EndpointRow, secretBox: SecretBox): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  events: row.events,
  filter: { workflows: row.workflows, eventNames: row.event_names, payload: row.payload_filter },
  active: row.active,
  paused: row.is_paused,
  failingSince: row.failing_since?.toISOString() ?? null,
  secrets: (row.secrets ?? []).map((secret) => secretBox.open(purposes.webhookSecret(row.id), secret)),
  headers: openHeaders(secretBox, row.id, row.headers),
  retry: row.retry,
  maxInFlight: row.max_in_flight,
  rateLimitPerSecond: row.rate_limit_per_second,
  fifoKey: row.fifo_key,
});
