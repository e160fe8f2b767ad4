import type { ServiceDefinition } from '@headrace/runtime';
import { ReconcilerSettings } from './reconciler.config.js';
import { ReconcilerModule } from './reconciler.module.js';

/** Puts back into the log what it lost and Postgres still knows, or ends it visibly. */
export const reconcilerService: ServiceDefinition = {
  name: 'reconciler',
  module: ReconcilerModule,
  settings: [ReconcilerSettings],
  needsPostgres: true,
};
