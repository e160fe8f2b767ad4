import type { RetrySetting, WebhookType } from '@headrace/contracts';
import { maskSecret, SecretUnreadable, type SecretBox } from '@headrace/secrets';
import { Logger } from '@nestjs/common';
import type { WebhookEndpointEntity } from '../entities/webhook-endpoint.entity.js';
import { purposes } from '../sealing.js';

/** All that a person decides about an endpoint. Null stands for the default. */
export interface WebhookEndpointDefinition {
  readonly url: string;
  readonly description: string | null;
  /** Null: every type that tells of a request. */
  readonly events: WebhookType[] | null;
  /** Names of the workflows that it wants; null: all. */
  readonly workflows: string[] | null;
  readonly eventNames: string[] | null;
  /** Conditions on the body. */
  readonly payloadFilter: object | null;
  /** Sent with every attempt; their values may be credentials. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** Null: as the project says. */
  readonly retry: RetrySetting | null;
  readonly maxInFlight: number | null;
  readonly rateLimitPerSecond: number | null;
  readonly fifoKey: string | null;
}

/** An endpoint as people may see it: the values of its headers are masked. */
export type WebhookEndpointRecord = Omit<WebhookEndpointEntity, 'headers' | 'project' | 'secrets'> & {
  readonly headers: Readonly<Record<string, string>>;
};

type Definition = Omit<WebhookEndpointDefinition, 'url' | 'headers'>;

/** What a new endpoint has where nothing else is said. */
export const endpointDefaults: Definition = {
  description: null,
  events: null,
  workflows: null,
  eventNames: null,
  payloadFilter: null,
  retry: null,
  maxInFlight: null,
  rateLimitPerSecond: null,
  fifoKey: null,
};

const log = new Logger('ProjectStore');

/** Headers as the database keeps them. */
export const sealHeaders = (secretBox: SecretBox, id: string, headers: WebhookEndpointDefinition['headers']) =>
  headers === null || Object.keys(headers).length === 0
    ? null
    : secretBox.seal(purposes.webhookHeaders(id), JSON.stringify(headers));

/** Headers as they were before they were sealed. Throws `SecretUnreadable`. */
export const openHeaders = (secretBox: SecretBox, id: string, sealed: string | null): Record<string, string> =>
  sealed === null ? {} : (JSON.parse(secretBox.open(purposes.webhookHeaders(id), sealed)) as Record<string, string>);

/** An endpoint as people may see it. */
export function recordOf(entity: WebhookEndpointEntity, secretBox: SecretBox): WebhookEndpointRecord {
  const { project: _project, secrets: _secrets, headers, ...visible } = entity;
  return { ...visible, headers: maskedHeaders(entity.id, headers, secretBox) };
}

/** Headers that cannot be read any more must not keep their owner from seeing the endpoint and setting new ones. */
function maskedHeaders(id: string, sealed: string | null, secretBox: SecretBox): Record<string, string> {
  try {
    const headers = Object.entries(openHeaders(secretBox, id, sealed));
    return Object.fromEntries(headers.map(([name, value]) => [name, maskSecret(value)]));
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    log.error(`The headers of webhook endpoint ${id} are shown as none: ${error.message}`);
    return {};
  }
}
