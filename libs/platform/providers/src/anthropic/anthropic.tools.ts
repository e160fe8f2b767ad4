import type { JsonObject } from '@headrace/contracts';
import { defined } from '../chat/json.js';
import type { Parameters } from '../chat/parameters.js';
import { readToolChoice, readTools, type FunctionTool, type ToolChoice } from '../chat/tools.js';
import { answerToolName, type AnswerForm } from './answer-form.js';
import { hasOutputFormat } from './claude-generation.js';
import { strictSchema } from './strict-schema.js';

/** `tools` and `tool_choice` of a request; the tool that takes a structured answer is one of them. */
export function toolSettings(parameters: Parameters, form: AnswerForm, model: string): JsonObject {
  const tools = readTools(parameters.get('tools'));
  const choice = readToolChoice(parameters.get('tool_choice'), tools);
  const all = [...tools.map((tool) => nativeTool(tool, model)), ...(form.by === 'tool' ? [form.tool] : [])];
  if (all.length === 0) return {};
  const isSingle = parameters.get('parallel_tool_calls') === false;
  const native = form.by === 'tool' ? answeringChoice(choice, tools) : nativeChoice(choice);
  return defined({
    tools: all,
    tool_choice:
      isSingle && native?.type !== 'none'
        ? { ...(native ?? { type: 'auto' }), disable_parallel_tool_use: true }
        : native,
  });
}

/** Whether tool settings make the model call a tool: one that must does not think first. */
export const isForced = (type: unknown): boolean => type === 'any' || type === 'tool';

/** A schema that cannot be kept to strictly is sent as it is: the arguments then fit it as a rule. */
function nativeTool({ name, description, schema, strict }: FunctionTool, model: string): JsonObject {
  const kept = strict === true && hasOutputFormat(model) ? strictSchema(schema) : undefined;
  const input = kept ?? { ...schema, type: 'object' };
  return defined({ name, description, input_schema: input, strict: kept ? true : undefined });
}

function nativeChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

/** A model that answers by a tool must call one: a tool of the client first, if it may. */
function answeringChoice(choice: ToolChoice | undefined, tools: readonly FunctionTool[]): JsonObject {
  if (tools.length === 0 || choice === 'none') return { type: 'tool', name: answerToolName };
  return typeof choice === 'object' ? { type: 'tool', name: choice.name } : { type: 'any' };
}
