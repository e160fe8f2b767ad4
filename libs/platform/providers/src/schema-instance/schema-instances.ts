import type { Json } from '@headrace/contracts';
import type { CompiledSchema } from '../schema/compiled-schema.js';
import { generateValue } from './generate-value.js';
import { Budget, NoInstance } from './instance-context.js';

/** A value that fits a schema, and its JSON text. */
export interface SchemaInstance {
  readonly value: Json;
  readonly text: string;
}

/** Different values per schema; each is made once and kept as long as the schema. */
const variants = 16;
const tries = 100;

/** Makes up values that fit JSON Schemas: the same for the same schema and seed. */
export class SchemaInstances {
  private readonly made = new WeakMap<CompiledSchema, (SchemaInstance | NoInstance)[]>();

  /** A value for a schema. `seed`: any non-negative integer. Throws `NoInstance`. Callers must not change the value. */
  instanceOf(schema: CompiledSchema, seed: number): SchemaInstance {
    let instances = this.made.get(schema);
    if (!instances) this.made.set(schema, (instances = []));
    const variant = seed % variants;
    const instance = (instances[variant] ??= make(schema, variant));
    if (instance instanceof NoInstance) throw instance;
    return instance;
  }
}

function make(schema: CompiledSchema, seed: number): SchemaInstance | NoInstance {
  const budget = new Budget();
  let failure = new NoInstance('No value could be made up that fits the schema.');
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      const value = generateValue(schema.source, seed, attempt, budget);
      if (schema.accepts(value)) return { value, text: JSON.stringify(value) };
    } catch (error) {
      // Deep nesting ends in a RangeError of the stack.
      if (!(error instanceof NoInstance || error instanceof RangeError || error instanceof URIError)) throw error;
      failure = error instanceof NoInstance ? error : new NoInstance('The schema is nested too deeply.');
    }
  }
  return failure;
}
