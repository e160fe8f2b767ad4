import type { ServiceDefinition } from '@headrace/runtime';
import { WebhookDispatcherSettings } from './webhook-dispatcher.config.js';
import { WebhookDispatcherModule } from './webhook-dispatcher.module.js';

/** Brings results to customers' endpoints. */
export const webhookDispatcherService: ServiceDefinition = {
  name: 'webhook-dispatcher',
  module: WebhookDispatcherModule,
  settings: [WebhookDispatcherSettings],
  needsPostgres: true,
};
