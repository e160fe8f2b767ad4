import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant, JsonObjectSchema } from '../schema/json.js';
import { GenerationOutput, GenerationSummary, RequestContext } from './shared.schemas.js';

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

export const callbackReminded = defineEvent({
  type: 'callback.reminded',
  description:
    'A callback is still awaited, and it is time to remind the backend of it. Key: the round and the number.',
  keyed: true,
  schema: Type.Object({
    /** From 1, within the wait for one callback; those missed while nothing ran are counted. */
    number: Type.Integer({ minimum: 1 }),
    context: RequestContext,
    generation: GenerationSummary,
    output: GenerationOutput,
    generatedAt: Instant,
    callbackDeadline: Instant,
    remindedAt: Instant,
  }),
});
