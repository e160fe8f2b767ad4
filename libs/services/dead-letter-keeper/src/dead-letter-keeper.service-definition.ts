import type { ServiceDefinition } from '@headrace/runtime';
import { DeadLetterKeeperModule } from './dead-letter-keeper.module.js';

/** Keeps what the server says was given up, and works off replays of what endpoints did not take. */
export const deadLetterKeeperService: ServiceDefinition = {
  name: 'dead-letter-keeper',
  module: DeadLetterKeeperModule,
  settings: [],
  needsPostgres: true,
};
