import type { JsonObject, SchemaViolation } from '@headrace/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv';

/** A JSON Schema that is ready to judge values. One instance per schema text, so it can key further caches. */
export class CompiledSchema {
  constructor(
    readonly source: JsonObject,
    private readonly validate: ValidateFunction,
  ) {}

  /** How a value does not fit, at most `maximumViolations` ways; empty when it fits. */
  violations(value: unknown): SchemaViolation[] {
    try {
      if (this.validate(value)) return [];
    } catch {
      return [cannotBeCompared];
    }
    return (this.validate.errors ?? []).slice(0, maximumViolations).map(violationOf);
  }

  /** Whether a value fits. */
  accepts(value: unknown): boolean {
    return this.violations(value).length === 0;
  }
}

/** A schema that cannot be used; `message` says why, for the people who wrote it. */
export class UnusableSchema extends Error {
  override readonly name = 'UnusableSchema';
}

const maximumViolations = 10;

/** ajv compares objects (const, enum, uniqueItems) by calling their `toString` or `valueOf`, which a key can hide. */
const cannotBeCompared: SchemaViolation = {
  path: '',
  message: 'cannot be compared: an object in it has a key "toString" or "valueOf"',
};

function violationOf(error: ErrorObject): SchemaViolation {
  return { path: error.instancePath, message: `${error.message ?? error.keyword}${detailOf(error)}` };
}

/** ajv's text names the rule; these parameters say what broke it. */
function detailOf({ keyword, params }: ErrorObject): string {
  const named = params as Record<string, unknown>;
  switch (keyword) {
    case 'additionalProperties':
      return ` ("${String(named.additionalProperty)}")`;
    case 'enum':
      return ` (${JSON.stringify(named.allowedValues).slice(0, 200)})`;
    case 'const':
      return ` (${JSON.stringify(named.allowedValue).slice(0, 200)})`;
    default:
      return '';
  }
}
