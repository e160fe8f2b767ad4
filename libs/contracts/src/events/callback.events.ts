import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant, JsonObjectSchema } from '../schema/json.js';

/** Why a callback was not accepted. */
export const callbackRefusalCodes = ['callback_already_received', 'callback_expired', 'callback_not_expected'] as const;
export type CallbackRefusalCode = (typeof callbackRefusalCodes)[number];

export const callbackRefused = defineEvent({
  type: 'callback.refused',
  description: 'A callback came that changes nothing: a second, a late or an unexpected one. Kept for the timeline.',
  schema: Type.Object({
    code: Type.Unsafe<CallbackRefusalCode>({ enum: [...callbackRefusalCodes] }),
    receivedAt: Instant,
    body: JsonObjectSchema,
  }),
});
