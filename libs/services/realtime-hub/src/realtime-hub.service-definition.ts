import { RealtimeSettings } from '@headrace/http';
import type { ServiceDefinition } from '@headrace/runtime';
import { RealtimeHubSettings } from './realtime-hub.config.js';
import { RealtimeHubModule } from './realtime-hub.module.js';

/** Pushes the states of requests to the sockets that wait for them. */
export const realtimeHubService: ServiceDefinition = {
  name: 'realtime-hub',
  module: RealtimeHubModule,
  settings: [RealtimeHubSettings, RealtimeSettings],
  needsPostgres: false,
};
