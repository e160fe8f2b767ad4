import type { WebhookEndpointDefinition } from '@headrace/project-store';
import type { NewWebhookDto } from './webhook.dto.js';
import { retrySettingOf } from './retry.dto.js';

/** What a body says of an endpoint beside its URL: left out stays undefined, null stands for the default. */
export function webhookFieldsOf(dto: Omit<NewWebhookDto, 'url'>): Partial<Omit<WebhookEndpointDefinition, 'url'>> {
  return {
    description: dto.description,
    events: dto.events,
    workflows: dto.workflows,
    eventNames: dto.event_names,
    payloadFilter: dto.payload_filter,
    headers: dto.headers,
    retry: dto.retry && retrySettingOf(dto.retry),
    maxInFlight: dto.max_in_flight,
    rateLimitPerSecond: dto.rate_limit_per_second,
    fifoKey: dto.fifo_key,
  };
}
