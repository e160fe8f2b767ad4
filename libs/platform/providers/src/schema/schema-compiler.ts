import type { JsonObject } from '@headrace/contracts';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { CompiledSchema, UnusableSchema } from './compiled-schema.js';
import { guardedPattern } from './guarded-pattern.js';

/** Compiled schemas that are kept; a project has few, inline ones repeat. */
const kept = 1_000;
/** Length of a schema's text above which compiling would hold up everybody else. */
const maximumLength = 256 * 1024;

const patterns = Object.assign((source: string) => guardedPattern(source), { code: 'guardedPattern' });
const options: Options = {
  // What a dialect does not know is an annotation, as JSON Schema says.
  strict: false,
  logger: false,
  allErrors: true,
  code: { regExp: patterns },
};

/** Dialects, newest first: most schemas do not name theirs, so the first whose rules a schema keeps is taken. */
const dialects = [
  { checker: new Ajv2020(options), make: () => new Ajv2020({ ...options, meta: false, validateSchema: false }) },
  { checker: new Ajv(options), make: () => new Ajv({ ...options, meta: false, validateSchema: false }) },
];

/** Compiles JSON Schemas of any draft since 6 and keeps them by their text. */
export class SchemaCompiler {
  private readonly compiled = new Map<string, CompiledSchema>();

  /** The compiled form of a schema. Throws `UnusableSchema`: invalid, remote `$ref`, too large. */
  compile(schema: JsonObject): CompiledSchema {
    const text = textOf(schema);
    const known = this.compiled.get(text);
    if (known) return known;
    if (text.length > maximumLength) {
      throw new UnusableSchema(`The schema is longer than ${maximumLength} characters.`);
    }
    const compiled = new CompiledSchema(schema, compile(schema));
    const oldest = this.compiled.size >= kept ? this.compiled.keys().next().value : undefined;
    if (oldest !== undefined) this.compiled.delete(oldest);
    this.compiled.set(text, compiled);
    return compiled;
  }
}

function compile({ $schema: _dialect, ...schema }: JsonObject): ValidateFunction {
  let problem = '';
  for (const { checker, make } of dialects) {
    try {
      if (checker.validateSchema(schema) === true) {
        // An instance of its own: ajv never forgets what it has compiled.
        const ajv = make();
        formats.default(ajv);
        return ajv.compile(schema);
      }
      problem ||= checker.errorsText(checker.errors, { dataVar: 'schema' });
    } catch (error) {
      problem ||= error instanceof Error ? error.message : String(error);
    }
  }
  throw new UnusableSchema(`The schema cannot be used: ${problem.slice(0, 500)}.`);
}

function textOf(schema: JsonObject): string {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    throw new UnusableSchema('The schema is nested too deeply.', { cause: error });
  }
}
