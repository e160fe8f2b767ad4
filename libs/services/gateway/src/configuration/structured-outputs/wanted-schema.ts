import type { ErrorDetail, JsonObject } from '@headrace/contracts';
import { schemaFormOf, schemaFromExample, UnusableSchema } from '@headrace/providers';
import { jsonSchemaViolations } from './json-schema.rules.js';

/** A schema as the system keeps it. */
export interface WantedSchema {
  readonly schema: JsonObject;
  /** The example that it was made of; null when it came as a JSON Schema. */
  readonly example: JsonObject | null;
}

/** What a field without violations asks for: a JSON Schema, or an example of the answers. */
export function wantedSchema(value: JsonObject): WantedSchema {
  return schemaFormOf(value) === 'schema'
    ? { schema: value, example: null }
    : { schema: schemaFromExample(value), example: value };
}

/** Why a field is neither a usable JSON Schema nor an example of the answers. */
export function wantedSchemaViolations(value: JsonObject, param: string): ErrorDetail[] {
  switch (schemaFormOf(value)) {
    case 'schema':
      return jsonSchemaViolations(value, param);
    case 'properties': {
      const message =
        `${param} lists properties without the schema around them. Send {"type":"object","properties":{…}}, ` +
        'or an example of the answers.';
      return [{ param, message }];
    }
    case 'example':
      return exampleViolations(value, param);
  }
}

function exampleViolations(value: JsonObject, param: string): ErrorDetail[] {
  try {
    return jsonSchemaViolations(schemaFromExample(value), param);
  } catch (error) {
    if (!(error instanceof UnusableSchema)) throw error;
    return [{ param, message: `${param}: ${error.message} Make it flatter.` }];
  }
}
