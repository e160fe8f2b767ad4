import type { ServiceDefinition } from '@headrace/runtime';
import { TimelineProjectorModule } from './timeline-projector.module.js';

/** Writes the timeline and the lists of requests into Postgres. */
export const timelineProjectorService: ServiceDefinition = {
  name: 'timeline-projector',
  module: TimelineProjectorModule,
  settings: [],
  needsPostgres: true,
};
