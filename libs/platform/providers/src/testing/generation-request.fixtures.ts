import type { ChatMessage, JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';

/** What a request asks for beside the defaults; `schema`: of a structured answer. */
export interface Asked {
  readonly model: string;
  readonly messages?: readonly JsonObject[];
  readonly parameters?: JsonObject;
  readonly schema?: JsonObject | undefined;
}

/** A request without credentials: enough to see what would be sent. */
export const aGenerationRequest = (
  provider: string,
  { model, messages = [{ role: 'user', content: 'Hello' }], parameters = {}, schema }: Asked,
): GenerationRequest => ({
  ...{ provider, model, parameters, access: null, workflow: 'demo', metadata: {} },
  messages: messages as ChatMessage[],
  structuredOutput: schema ? { name: 'card', schema: new SchemaCompiler().compile(schema) } : null,
});

/** Why a request is refused before it is sent. */
export function refusalOf(send: () => unknown): string {
  try {
    send();
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'invalid_request' && !error.retryable) return error.message;
    throw error;
  }
  throw new Error('The request was not refused.');
}

/** A tool in OpenAI's form. */
export const weatherTool: JsonObject = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Tells it',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};

/** A call of the tool in OpenAI's form. */
export const weatherCall = (id: string, input: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: input },
  ...more,
});
