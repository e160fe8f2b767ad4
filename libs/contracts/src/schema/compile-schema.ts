import { Ajv, type ErrorObject } from 'ajv';
import type { TSchema } from '@sinclair/typebox';

/** One way in which a value does not fit its schema. */
export interface SchemaViolation {
  /** JSON pointer to the offending value, empty for the root. */
  readonly path: string;
  readonly message: string;
}

const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });

/** Compiles a schema into a function that lists a value's violations. Compilation happens at the first call. */
export function compileSchema(schema: TSchema): (value: unknown) => SchemaViolation[] {
  let validate: ReturnType<typeof ajv.compile> | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    return validate(value) ? [] : (validate.errors ?? []).map(violationOf);
  };
}

function violationOf(error: ErrorObject): SchemaViolation {
  return { path: error.instancePath, message: error.message ?? error.keyword };
}
