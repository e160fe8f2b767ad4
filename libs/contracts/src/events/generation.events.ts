import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { GenerationAttempt } from './shared.schemas.js';

/**
 * One provider try that failed, told as it happens. The successful try stands in the decision event that
 * follows it, which saves an append on the path that nearly every request takes.
 */
export const generationAttempted = defineEvent({
  type: 'generation.attempted',
  description: 'One try of one AI provider failed; the next target, if any, follows.',
  schema: Type.Object({ number: Type.Integer({ minimum: 1 }), attempt: GenerationAttempt }),
});
