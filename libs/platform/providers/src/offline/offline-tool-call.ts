import type { Json, JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import type { SchemaCompiler } from '../schema/schema-compiler.js';
import type { SchemaInstances } from '../schema-instance/schema-instances.js';
import type { OfflineKnobs } from './offline-knobs.js';
import { contentText } from './offline-text.js';
import { isObject } from '../chat/json.js';

/** A tool that the offline provider calls. */
export interface OfflineToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/**
 * The tool that an answer calls: the one that the metadata or `tool_choice` names, else one of the request's; null when
 * it has none, when it must not be called, or when tools have answered often enough. Throws `NoInstance` and
 * `UnusableSchema` when no arguments can be made up.
 */
export function toolCallFor(
  { messages, parameters }: GenerationRequest,
  { toolCall: asked, toolRounds }: Pick<OfflineKnobs, 'toolCall' | 'toolRounds'>,
  schemas: SchemaCompiler,
  instances: SchemaInstances,
  seed: number,
): OfflineToolCall | null {
  const lastAsked = messages.findLastIndex(({ role }) => role === 'user');
  if (roundsIn(messages.slice(lastAsked + 1)) >= toolRounds) return null;
  const tools = functionsIn(parameters.tools);
  const name =
    asked?.name ?? chosenName(parameters.tool_choice, tools, contentText(messages[lastAsked]?.content ?? ''));
  if (name === undefined) return null;
  if (asked?.arguments) return { name, arguments: asked.arguments };
  const schema = tools.find((tool) => tool.name === name)?.parameters;
  const made = isObject(schema) ? instances.instanceOf(schemas.compile(schema), seed).value : {};
  return { name, arguments: isObject(made) ? made : {} };
}

/** How often tools have answered: results that follow on one another belong to one round. */
const roundsIn = (messages: GenerationRequest['messages']): number =>
  messages.filter(({ role }, index) => role === 'tool' && messages[index - 1]?.role !== 'tool').length;

const functionsIn = (tools: Json | undefined): JsonObject[] =>
  Array.isArray(tools) ? tools.map((tool) => (isObject(tool) ? tool.function : undefined)).filter(isObject) : [];

/** Where the choice is left to the model: the first tool that the user speaks of, else the first. */
function chosenName(choice: Json | undefined, tools: readonly JsonObject[], asked: string): string | undefined {
  if (choice === 'none') return undefined;
  const named = isObject(choice) && isObject(choice.function) ? choice.function.name : undefined;
  if (typeof named === 'string') return named;
  const names = tools.map(({ name }) => name).filter((name) => typeof name === 'string');
  return names.find((name) => asked.includes(name)) ?? names[0];
}
