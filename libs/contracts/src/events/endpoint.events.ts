import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant, Nullable } from '../schema/json.js';
import { DeliveryAttempt } from './delivery.events.js';

/** Stored in a channel that is the endpoint's id. */
export const endpointDisabled = defineEvent({
  type: 'endpoint.disabled',
  description: 'The system decided to switch an endpoint off, because of what it answered or that it only failed.',
  schema: Type.Object({
    endpointId: Type.String(),
    /** As it was at the last attempt. */
    url: Type.String(),
    /** For people. */
    reason: Type.String(),
    /** When the first of the failures was that it was switched off for; null: one answer was enough (410). */
    failingSince: Nullable(Instant),
    lastAttempt: DeliveryAttempt,
    disabledAt: Instant,
  }),
});
