import type { Json, JsonObject } from '@headrace/contracts';
import { isObject, text } from '../chat/json.js';
import { narrowedSchema, type SchemaDialect } from '../chat/narrowed-schema.js';

const formats = new Set(['date-time', 'uuid', 'date', 'time']);

/** What `response_format` knows, as Cohere's guide lists it. */
const dialect: SchemaDialect = {
  keywords: new Set(['type', 'properties', 'required', 'items', 'enum', 'title', 'description', 'format']),
  spell: ({ format, ...schema }) => {
    if (typeof format !== 'string') return schema;
    if (formats.has(format)) return { ...schema, format };
    return { ...schema, description: [text(schema.description), `(format: ${format})`].filter(Boolean).join(' ') };
  },
};

/**
 * A schema as `response_format` takes it: an object in which every object has a property that must be there. Undefined
 * where that cannot be said (choices between schemas, references, maps, …).
 */
export const cohereSchema = (schema: JsonObject): JsonObject | undefined =>
  schema.type === 'object' && canBeKept(schema) ? narrowedSchema(schema, dialect) : undefined;

function canBeKept(schema: Json): boolean {
  if (!isObject(schema)) return false;
  if (Array.isArray(schema.enum)) return schema.enum.every((value) => typeof value === 'string');
  switch (schema.type) {
    case 'object': {
      const properties = isObject(schema.properties) ? Object.values(schema.properties) : [];
      const hasRequired = Array.isArray(schema.required) && schema.required.length > 0;
      return !isChoice(schema) && hasRequired && properties.length > 0 && properties.every(canBeKept);
    }
    case 'array':
      return schema.prefixItems === undefined && canBeKept(schema.items ?? null);
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return schema.const === undefined;
    default:
      return false;
  }
}

const isChoice = (schema: JsonObject): boolean =>
  ['anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref', 'patternProperties'].some((keyword) =>
    Object.hasOwn(schema, keyword),
  );
