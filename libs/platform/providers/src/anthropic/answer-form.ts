import type { JsonObject } from '@headrace/contracts';
import { objectIn } from '../chat/json.js';
import { formatInstructions, type WantedFormat } from '../chat/wanted-format.js';
import { hasOutputFormat, takesForcedCalls } from './claude-generation.js';
import { strictSchema } from './strict-schema.js';

/** How a model is brought to answer in a form: natively, by a tool that it must call with its answer, or by words. */
export type AnswerForm =
  | { readonly by: 'nothing' }
  | { readonly by: 'words'; readonly words: string }
  | { readonly by: 'format'; readonly schema: JsonObject }
  | {
      readonly by: 'tool';
      readonly tool: JsonObject;
      /** Whether the answer is under `value`. */
      readonly isWrapped: boolean;
    };

/** Name of the tool whose arguments are the answer. No tool of a client is called so but by intent. */
export const answerToolName = 'structured_answer';

/** The way that fits a wanted form and a model. */
export function answerForm(wanted: WantedFormat, model: string): AnswerForm {
  const words = formatInstructions(wanted);
  if (words === undefined) return { by: 'nothing' };
  if (wanted.type !== 'schema' || wanted.way === 'prompt' || wanted.way === 'json_mode') return { by: 'words', words };
  const isToolAsked = wanted.way === 'tool';
  const strict = hasOutputFormat(model) && !isToolAsked ? strictSchema(wanted.schema) : undefined;
  if (strict) return { by: 'format', schema: strict };
  if (!(takesForcedCalls(model) ?? isToolAsked)) return { by: 'words', words };
  const isWrapped = !canBeInput(wanted.schema);
  return {
    by: 'tool',
    isWrapped,
    tool: {
      name: answerToolName,
      description: 'Gives the final answer. Call it exactly once, with the whole answer as its arguments.',
      input_schema: isWrapped ? wrapped(wanted.schema) : wanted.schema,
    },
  };
}

/** The arguments of a tool are an object, whose schema must say so at once. */
const canBeInput = (schema: JsonObject): boolean =>
  schema.type === 'object' && !['anyOf', 'oneOf', 'allOf'].some((keyword) => Object.hasOwn(schema, keyword));

/** References are looked up from the root, so the definitions move there. */
function wrapped({ $defs, definitions, $schema: _dialect, ...schema }: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: { value: schema },
    required: ['value'],
    ...($defs === undefined ? {} : { $defs: objectIn($defs) }),
    ...(definitions === undefined ? {} : { definitions: objectIn(definitions) }),
  };
}
