export type {
  DeadLetterFilter,
  DeliveryFilter,
  DeliveryPage,
  DeliveryPageRequest,
  DeliveryPosition,
} from './list-deliveries.js';
export { type RequestFilter, type RequestPage, type RequestPosition } from './list-requests.js';
export * from './open-work.js';
export * from './read-model.js';
export * from './read-model.rows.js';
export * from './read-model.schema.js';
export { slotMs, slotOf, type LastFailure } from './stats/endpoint-facts.js';
export { type EndpointStats } from './stats/read-endpoint-stats.js';
