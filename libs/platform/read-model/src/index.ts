export { type DeadLetterFilter } from './list-dead-letters.js';
export type { DeliveryFilter, DeliveryPage, DeliveryPageRequest, DeliveryPosition } from './list-deliveries.js';
export { type RequestFilter, type RequestPage, type RequestPosition } from './list-requests.js';
export * from './open-work.js';
export * from './read-model.js';
export * from './read-model.rows.js';
export * from './read-model.schema.js';
export { type LastReplay } from './replays/last-replays.js';
export { ReplayStore } from './replays/replay-store.js';
export { ReplayWork } from './replays/replay-work.js';
export type {
  LaterDeliveryRow,
  LetterOutcome,
  NewReplay,
  ReplayLetter,
  ReplayPage,
  ReplayRow,
  ReplaySelection,
} from './replays/replay.rows.js';
export { type Spent } from './spend/read-spend.js';
export { slotMs, slotOf, type LastFailure } from './stats/endpoint-facts.js';
export { type EndpointStats } from './stats/read-endpoint-stats.js';
export type { WaitingDelivery, WaitingQuery } from './waiting-deliveries.js';
