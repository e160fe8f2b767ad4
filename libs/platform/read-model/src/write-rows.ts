import type { Table, TableColumn } from './tables.js';
import { storableJson, storableText } from './storable.js';

/** One statement with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (readonly unknown[] | string)[];
  /** By which statements before it in `combined` read what it returns. */
  readonly name?: string;
}

/** Adds rows; those that are there already stay as they are, so a repeat changes nothing. */
export function insertStatement<Row extends object>(table: Table<Row>, rows: readonly Row[]): Statement {
  return {
    sql: `${insertInto(table)} ON CONFLICT (${names(table.key)}) DO NOTHING`,
    parameters: parametersOf(table, rows),
  };
}

/**
 * Adds rows or brings them up to date, whichever order they come in: a row made from an earlier event never replaces
 * one made from a later. The rows must be of different keys (`latestRows`).
 */
export function upsertStatement<Row extends { sequence: number }>(table: Table<Row>, rows: readonly Row[]): Statement {
  const isLater = `EXCLUDED.sequence > ${table.name}.sequence`;
  const assignments = table.columns.map(({ name, kept }) => {
    const [ours, theirs] = [`${table.name}.${name}`, `EXCLUDED.${name}`];
    return kept
      ? `${name} = CASE WHEN ${isLater} THEN COALESCE(${theirs}, ${ours}) ELSE COALESCE(${ours}, ${theirs}) END`
      : `${name} = CASE WHEN ${isLater} THEN ${theirs} ELSE ${ours} END`;
  });
  // A repeat writes nothing; an earlier event that comes late writes only if it tells what is not known yet.
  const tellsMore = table.columns
    .filter(({ kept }) => kept)
    .map(({ name }) => ` OR (${table.name}.${name} IS NULL AND EXCLUDED.${name} IS NOT NULL)`);
  return {
    sql: `${insertInto(table)} ON CONFLICT (${names(table.key)}) DO UPDATE SET ${assignments.join(', ')}
          WHERE ${isLater}${tellsMore.join('')}`,
    parameters: parametersOf(table, rows),
  };
}

/**
 * Several statements on different tables as one: one round trip, and all of it or nothing is done without a
 * transaction around it. A statement may read what a named one after it returns.
 */
export function combined([first, ...more]: readonly [Statement, ...Statement[]]): Statement {
  const parameters = [...first.parameters];
  const parts: string[] = [];
  for (const [index, { sql, parameters: added, name = `part_${index}` }] of more.entries()) {
    const offset = parameters.length;
    const shifted = sql.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + offset}`);
    parts.unshift(`${name} AS (${shifted})`);
    parameters.push(...added);
  }
  return { sql: parts.length > 0 ? `WITH ${parts.join(', ')} ${first.sql}` : first.sql, parameters };
}

/** One row of each key, the latest, with what only earlier ones tell; in key order, so that writers do not deadlock. */
export function latestRows<Row extends { sequence: number }>(table: Table<Row>, rows: readonly Row[]): Row[] {
  const kept = table.columns.filter((column) => column.kept);
  const latest = new Map<string, Row>();
  for (const row of rows.toSorted((one, other) => one.sequence - other.sequence)) {
    const key = keyOf(table, row);
    const earlier = latest.get(key);
    latest.set(key, earlier ? { ...row, ...known(kept, row, earlier) } : row);
  }
  return [...latest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

function known<Row>(columns: readonly TableColumn<Row>[], row: Row, earlier: Row): Partial<Row> {
  const entries = columns.map(({ property }) => [property, row[property] ?? earlier[property]]);
  return Object.fromEntries(entries) as Partial<Row>;
}

const keyOf = <Row>(table: Table<Row>, row: Row): string =>
  table.key.map(({ property }) => String(row[property])).join(' ');

const names = (columns: readonly { readonly name: string }[]): string => columns.map(({ name }) => name).join(', ');

function insertInto<Row>(table: Table<Row>): string {
  const columns = [...table.key, ...table.columns];
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  return `INSERT INTO ${table.name} (${names(columns)}) SELECT * FROM unnest(${arrays.join(', ')})`;
}

/** One array for each column: a statement has the same text for any number of rows. */
function parametersOf<Row>(table: Table<Row>, rows: readonly Row[]): (unknown[] | string)[] {
  return [...table.key, ...table.columns].map(({ type, property }) => {
    const values = rows.map((row) => row[property]);
    if (type === 'jsonb') return jsonArray(values.map(storableJson));
    if (type === 'json') return jsonArray(values.map((value) => JSON.stringify(value ?? null)));
    return values.map((value) => storable(type, value));
  });
}

/**
 * JSON texts as an array of Postgres. It escapes elements as JSON does its strings, and JSON text has no control
 * characters, so the engine's own serialiser serves: the driver's takes three times as long.
 */
const jsonArray = (texts: readonly string[]): string => `{${texts.map((text) => JSON.stringify(text)).join(',')}}`;

function storable(type: Exclude<TableColumn<unknown>['type'], 'json' | 'jsonb'>, value: unknown): unknown {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? storableText(value) : null;
    case 'bigint':
    case 'integer':
    case 'boolean':
    case 'double precision':
    case 'timestamptz':
      return value;
  }
}
