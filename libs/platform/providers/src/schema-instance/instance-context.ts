import type { Json, JsonObject } from '@headrace/contracts';
import type { Random } from './random.js';
import { isObject } from '../chat/json.js';

/** A schema or one of the two trivial ones: true accepts all, false nothing. */
export type Schema = JsonObject | boolean;

/** No value could be made for a schema: nothing fits it, or too little was tried. */
export class NoInstance extends Error {
  override readonly name = 'NoInstance';
}

/** What all parts of one try share. */
export interface InstanceContext {
  readonly root: JsonObject;
  readonly random: Random;
  /** From 0; later tries vary more. */
  readonly attempt: number;
  readonly budget: Budget;
  /** Makes a value for a part of the schema. */
  readonly generate: (schema: Schema, depth: number) => Json;
}

/** Below this depth only what is required is made, so that recursive schemas come to an end. */
export const shallow = 5;

/** Bounds the work on one schema, whatever it asks for (`minItems: 1e9`). */
export class Budget {
  constructor(private left = 100_000) {}

  /** Takes from the budget. Throws `NoInstance` when it is used up. */
  spend(amount: number): void {
    this.left -= amount;
    if (!(this.left >= 0)) throw new NoInstance('The schema asks for more than can be made up.');
  }
}

/** A member of a schema as a subschema, if it is one. */
export const asSchema = (value: Json | undefined): Schema | undefined =>
  typeof value === 'boolean' || isObject(value) ? value : undefined;

/** A member of a schema as a list of subschemas. */
export const asSchemas = (value: Json | undefined): Schema[] =>
  Array.isArray(value) ? value.filter((entry): entry is JsonObject | boolean => asSchema(entry) !== undefined) : [];

/** A member of a schema as a number, if it is one. */
export const asNumber = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** A member of a schema as a list of names. */
export const asNames = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
