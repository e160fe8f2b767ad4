// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.
import type { Json, JsonObject } from '../json.js';

export interface NewStructuredOutput {
  readonly name: string;
  /** A JSON Schema, or an example of the answers, such as {"name": "string", "age": 0}. */
  readonly schema: object;
  /** The answer in test mode; it must fit the schema. Default: the example, if the schema was one. */
  readonly sample_data?: unknown;
}

export interface StructuredOutputChanges {
  readonly name?: string;
  /** A JSON Schema, or an example of the answers, such as {"name": "string", "age": 0}. */
  readonly schema?: object;
  /** The answer in test mode; it must fit the schema. Default: the example, if the schema was one. */
  readonly sample_data?: unknown;
}

export interface StructuredOutput {
  readonly id: string;
  readonly name: string;
  readonly schema: JsonObject;
  readonly sample_data: Json;
  readonly created_at: string;
  readonly updated_at: string;
}
