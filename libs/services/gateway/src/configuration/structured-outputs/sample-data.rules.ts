import type { ErrorDetail, Json, JsonObject } from '@headrace/contracts';
import { SchemaCompiler, UnusableSchema } from '@headrace/providers';

const compiler = new SchemaCompiler();

/**
 * Why a structured output cannot be used as it would be saved: its schema cannot be compiled, or its sample data, the
 * answer in test mode, does not fit. No sample data (null) fits any schema.
 */
export function structuredOutputViolations(schema: JsonObject, sampleData: Json | null): ErrorDetail[] {
  try {
    const compiled = compiler.compile(schema);
    if (sampleData === null) return [];
    return compiled.violations(sampleData).map(({ path, message }) => {
      const param = `sample_data${path.replaceAll('/', '.')}`;
      return { param, pointer: path, message: `${param} does not fit the schema: it ${message}.` };
    });
  } catch (error) {
    if (!(error instanceof UnusableSchema)) throw error;
    return [{ param: 'schema', message: `schema: ${error.message}` }];
  }
}
