import type { Json, JsonObject } from '@headrace/contracts';
import { badRequest } from './bad-request.js';
import { throwIfTooDeep } from './schema-depth.js';
import { isObject, objectIn, text } from './json.js';

/** A function that the model may call, read from OpenAI's `tools`. */
export interface FunctionTool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of its arguments. */
  readonly schema: JsonObject;
  readonly strict: boolean | undefined;
}

/** Whether and what the model is to call, read from OpenAI's `tool_choice`. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** Reads `tools`; left out: none. */
export function readTools(tools: Json | undefined): FunctionTool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw badRequest('tools must be a list.');
  return tools.map((tool, index) => readTool(objectIn(tool), `tools[${index}]`));
}

function readTool(tool: JsonObject, field: string): FunctionTool {
  if (tool.type !== 'function') throw badRequest(`${field}.type must be "function": this provider has no other tools.`);
  const { name, description, parameters, strict } = objectIn(tool.function);
  if (typeof name !== 'string' || name === '') throw badRequest(`${field}.function.name must be a text.`);
  const schema = isObject(parameters) ? parameters : { type: 'object', properties: {} };
  throwIfTooDeep(schema, `${field}.function.parameters`);
  return {
    name,
    description: text(description),
    schema,
    strict: typeof strict === 'boolean' ? strict : undefined,
  };
}

/** Reads `tool_choice`; left out: undefined. */
export function readToolChoice(choice: Json | undefined, tools: readonly FunctionTool[]): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  const { name } = objectIn(objectIn(choice).function);
  if (typeof name !== 'string') {
    throw badRequest('tool_choice must be "auto", "none", "required" or {"type":"function","function":{"name":…}}.');
  }
  if (!tools.some((tool) => tool.name === name)) {
    throw badRequest(`tool_choice names "${name.slice(0, 64)}", which is not in tools.`);
  }
  return { name };
}
