import type { ServiceDefinition } from '@headrace/runtime';
import { CallbackModule } from './callback.module.js';

/** Takes callbacks and ends the requests that wait for them. */
export const callbackService: ServiceDefinition = {
  name: 'callback-service',
  module: CallbackModule,
  settings: [],
  needsPostgres: true,
};
