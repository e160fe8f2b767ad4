import type { ErrorDetail } from '@headrace/contracts';
import { Ajv, type AnySchema, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Compiling takes time and memory in proportion to the text, so it has a limit. */
const longestSchema = 100_000;

const options: Options = { strict: false, validateFormats: false, logger: false };

/** The dialects that can be compiled, by what `$schema` says; without it the newest. */
const dialects: readonly { readonly pattern: RegExp; readonly create: () => Ajv }[] = [
  { pattern: /draft\/2020-12\/schema/, create: () => new Ajv2020(options) },
  { pattern: /draft\/2019-09\/schema/, create: () => new Ajv2019(options) },
  { pattern: /draft-07\/schema/, create: () => new Ajv(options) },
];

/** Why a JSON Schema cannot be compiled, with keyword and place; empty when it can. */
export function jsonSchemaViolations(schema: object, param: string): ErrorDetail[] {
  if (JSON.stringify(schema).length > longestSchema) {
    return [{ param, message: `${param} is longer than ${longestSchema} characters. Make it smaller.` }];
  }
  const ajv = compilerOf(schema);
  if (!ajv) {
    const message = `${param}.$schema must name JSON Schema 2020-12, 2019-09 or draft-07, or be left out.`;
    return [{ param: `${param}.$schema`, message }];
  }
  if (!ajv.validateSchema(schema)) {
    return (ajv.errors ?? []).slice(0, 10).map(({ instancePath, keyword, message }) => {
      const place = `${param}${instancePath.replaceAll('/', '.')}`;
      return { param: place, message: `${place} is not valid JSON Schema: ${message ?? 'wrong'} (${keyword}).` };
    });
  }
  try {
    ajv.compile(schema as AnySchema);
    return [];
  } catch (error) {
    // References that lead nowhere, patterns that are no regular expressions.
    return [{ param, message: `${param} cannot be compiled: ${error instanceof Error ? error.message : 'wrong'}.` }];
  }
}

/** A compiler of its own for each schema, so that nothing of one stays for the next. */
function compilerOf(schema: object): Ajv | undefined {
  const dialect: unknown = '$schema' in schema ? schema.$schema : 'draft/2020-12/schema';
  return dialects.find(({ pattern }) => pattern.test(String(dialect)))?.create();
}
