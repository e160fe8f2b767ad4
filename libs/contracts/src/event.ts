import type { Static, TObject } from '@sinclair/typebox';
import { compileSchema, type SchemaViolation } from './schema/compile-schema.js';

/**
 * An event type, declared once: its name, where it is stored, and the schema of its data.
 * Type, validator, subject and documentation are all derived from this value.
 */
export interface EventDefinition<Type extends string = string, Schema extends TObject = TObject> {
  /** Full name, `aggregate.fact`, for example `request.accepted`. */
  readonly type: Type;
  /** First part of the name: the aggregate the event belongs to. */
  readonly aggregate: string;
  /** Second part of the name: what happened. */
  readonly fact: string;
  /** Whether several aggregates of this kind live in one channel (a channel has many deliveries, one request). */
  readonly keyed: boolean;
  readonly schema: Schema;
  readonly description: string;
  /** The violations of `data` against the schema; empty when it fits. Compiled once, about a microsecond a call. */
  readonly violations: (data: unknown) => SchemaViolation[];
}

/** The TypeScript type of an event's data, inferred from its schema. */
export type DataOf<Definition> = Definition extends EventDefinition<string, infer Schema> ? Static<Schema> : never;

/** A fact that happened, before it has a place in the log. */
export interface EventOf<Definition extends EventDefinition> {
  readonly type: Definition['type'];
  readonly data: DataOf<Definition>;
}

/** Declares an event. `type` is `aggregate.fact`; set `keyed` when a channel holds several such aggregates. */
export function defineEvent<const Type extends `${string}.${string}`, Schema extends TObject>(declaration: {
  type: Type;
  description: string;
  keyed?: boolean;
  schema: Schema;
}): EventDefinition<Type, Schema> {
  const [aggregate = '', fact = ''] = declaration.type.split('.');
  return {
    type: declaration.type,
    aggregate,
    fact,
    keyed: declaration.keyed ?? false,
    schema: declaration.schema,
    description: declaration.description,
    violations: compileSchema(declaration.schema),
  };
}
