import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant } from '../schema/json.js';
import { GenerationAttempt } from './shared.schemas.js';

/**
 * One provider try that failed, told as it happens, with what was decided to follow: a generation that goes on in
 * another process follows it too. The successful try stands in the decision event that comes after, which saves an
 * append on the path that nearly every request takes.
 */
export const generationAttempted = defineEvent({
  type: 'generation.attempted',
  description: 'One try of one AI provider failed; another try or the next target, if any, follows.',
  schema: Type.Object({
    /** Of the attempt among those of its generation, from 1. */
    number: Type.Integer({ minimum: 1 }),
    attempt: GenerationAttempt,
    /** When the same target is tried again; left out: it is not, unless to mend its answer. */
    retryAt: Type.Optional(Instant),
    /** Part of the answer was told already, so that no other one may follow. */
    final: Type.Optional(Type.Boolean()),
    /** The answer, when it came but does not fit the schema. */
    misfit: Type.Optional(
      Type.Object({
        /** As the model wrote it, cut where it is very long. */
        content: Type.String(),
        /** How it does not fit; none: it is not JSON. */
        violations: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
        /** It ends at the limit of tokens, so that asking once more would not mend it. */
        cut: Type.Optional(Type.Boolean()),
      }),
    ),
  }),
});
