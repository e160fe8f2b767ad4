import type { EventDefinition, EventOf } from './event.js';
import { budgetReached } from './events/budget.events.js';
import { callbackRefused, callbackReminded } from './events/callback.events.js';
import {
  deliveryAttempted,
  deliveryDeadLettered,
  deliveryPlanned,
  deliverySucceeded,
} from './events/delivery.events.js';
import { endpointDisabled } from './events/endpoint.events.js';
import { generationAttempted } from './events/generation.events.js';
import { laneAdvanced, laneQueued } from './events/lane.events.js';
import { realtimeJoined, realtimePushed } from './events/realtime.events.js';
import {
  requestAccepted,
  requestCompleted,
  requestContinued,
  requestFailed,
  requestGenerated,
} from './events/request.events.js';

/** Every event of the system. What is not here cannot be appended. */
export const catalogue = [
  requestAccepted,
  requestGenerated,
  requestContinued,
  requestCompleted,
  requestFailed,
  generationAttempted,
  deliveryPlanned,
  deliveryAttempted,
  deliverySucceeded,
  deliveryDeadLettered,
  endpointDisabled,
  budgetReached,
  laneQueued,
  laneAdvanced,
  callbackRefused,
  callbackReminded,
  realtimeJoined,
  realtimePushed,
] as const;

/** Any event of the catalogue, discriminated by `type`. */
export type AnyEvent = DistributeEvent<(typeof catalogue)[number]>;

type DistributeEvent<Definition> = Definition extends EventDefinition ? EventOf<Definition> : never;

/** The name of any event of the catalogue. */
export type EventType = AnyEvent['type'];

const byType = new Map<string, EventDefinition>(catalogue.map((definition) => [definition.type, definition]));

/** The definition of an event type, or undefined when the catalogue does not know it. */
export function definitionOf(type: string): EventDefinition | undefined {
  return byType.get(type);
}
