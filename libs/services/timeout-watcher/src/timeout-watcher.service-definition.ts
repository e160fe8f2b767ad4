import type { ServiceDefinition } from '@headrace/runtime';
import { TimeoutWatcherModule } from './timeout-watcher.module.js';

/** Ends the wait for callbacks that do not come. */
export const timeoutWatcherService: ServiceDefinition = {
  name: 'timeout-watcher',
  module: TimeoutWatcherModule,
  settings: [],
  needsPostgres: false,
};
