import type { MigrationInterface } from 'typeorm';

/** The tables that one library owns. The runtime puts the parts of a process together. */
export interface SchemaPart {
  readonly entities: readonly (new () => object)[];
  /** Class names end in a 13-digit time, which orders the migrations of all parts. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}
