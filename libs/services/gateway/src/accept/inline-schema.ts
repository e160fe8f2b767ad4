import { isJsonObject, type ErrorDetail, type GenerationPlan, type JsonObject } from '@headrace/contracts';
import { wantedSchema, wantedSchemaViolations } from '../configuration/structured-outputs/wanted-schema.js';

/** The fields that can carry a JSON Schema inline. */
export interface InlineSchemaFields {
  readonly response_format?: JsonObject | null;
  readonly structured_output_schema?: JsonObject | null;
}

/** A JSON Schema that a request brings along, and the path of the field that it stands in. */
interface InlineSchema {
  readonly name?: unknown;
  readonly schema: unknown;
  readonly param: string;
}

/** OpenAI's response formats without a schema: passed to the provider as they are. */
const plainFormats: readonly unknown[] = ['text', 'json_object'];

/** Types of JSON Schema itself: a `response_format` may be a bare schema. */
const schemaTypes: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** The structured output that a request asks for inline; undefined when it asks for none. */
export function inlineStructuredOutput(fields: InlineSchemaFields): GenerationPlan['structuredOutput'] | undefined {
  const found = findSchema(fields);
  if (!found) return undefined;
  const { schema, example } = wantedSchema(found.schema as JsonObject);
  // The title of an example is one of the answer, not a name of its shape.
  const name = found.name ?? (example === null ? schema.title : undefined);
  return { name: typeof name === 'string' && name !== '' ? name : 'response', schema, sampleData: example };
}

/** Every way in which the inline schema fields are wrong. */
export function inlineSchemaViolations(fields: InlineSchemaFields): ErrorDetail[] {
  const format = fields.response_format;
  const found = findSchema(fields);
  if (found) return schemaViolations(found);
  if (!isJsonObject(format) || plainFormats.includes(format.type)) return [];
  return [
    {
      param: 'response_format.type',
      message: 'response_format.type must be json_schema, json_object or text, or response_format a JSON Schema.',
    },
  ];
}

function findSchema({
  structured_output_schema: own,
  response_format: format,
}: InlineSchemaFields): InlineSchema | undefined {
  if (isJsonObject(own)) return { schema: own, param: 'structured_output_schema' };
  if (!isJsonObject(format)) return undefined;
  if (format.type === 'json_schema') {
    const wrapped = isJsonObject(format.json_schema) ? format.json_schema : undefined;
    const param = 'response_format.json_schema.schema';
    return { name: wrapped?.name ?? format.name, schema: wrapped?.schema ?? format.schema, param };
  }
  const isBare = schemaTypes.includes(format.type) || (format.type === undefined && Object.keys(format).length > 0);
  return isBare ? { schema: format, param: 'response_format' } : undefined;
}

function schemaViolations({ schema, param }: InlineSchema): ErrorDetail[] {
  if (isJsonObject(schema)) return wantedSchemaViolations(schema, param);
  return [{ param, message: `${param} must be a JSON Schema such as {"type":"object"}, or an example of the answer.` }];
}
