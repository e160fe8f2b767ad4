import type { ErrorDetail, JsonObject } from '@headrace/contracts';
import { isDeeperThan } from '@headrace/providers';
import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { keywordAt, schemaPlaces, valueAt } from './schema-places.js';
import { reachProblems, type Problem } from './schema-reach.js';

/** Compiling takes time and memory in proportion to the text, so it has a limit. */
const longestSchema = 100_000;
/** Of the JSON text: a property costs two levels. */
const deepestSchema = 200;
/** More of them help nobody. */
const mostViolations = 10;

// They only ever check schemas against the schema of their dialect. Compiling a stranger's is not the gateway's work.
const options: Options = { strict: false, validateFormats: false, logger: false, allErrors: true };
const newest = new Ajv2020(options);
const draft07 = new Ajv(options);

/** The dialects that answers can be checked by, under what `$schema` says. What draft-07 lost of 4 and 6 is refused. */
const dialects: readonly { readonly pattern: RegExp; readonly ajv: Ajv }[] = [
  { pattern: /draft\/2020-12\/schema|openapis\.org\/oas\/3\.1\//, ajv: newest },
  { pattern: /draft\/2019-09\/schema/, ajv: new Ajv2019(options) },
  { pattern: /draft-0[467]\/schema/, ajv: draft07 },
];

/** Why answers could not be checked by a JSON Schema, with keyword and place; empty when they can. */
export function jsonSchemaViolations(schema: JsonObject, param: string): ErrorDetail[] {
  const size = sizeProblem(schema);
  if (size !== undefined) return [{ param, message: `${param} ${size}` }];
  const ajv = dialectOf(schema);
  if (!ajv) {
    const message = `${param}.$schema must name JSON Schema 2020-12, 2019-09, draft-07, 06 or 04, or be left out.`;
    return [{ param: `${param}.$schema`, pointer: '/$schema', keyword: '$schema', message }];
  }
  const problems = dialectProblems(schema, ajv);
  return (problems.length > 0 ? problems : reachProblems(schema))
    .slice(0, mostViolations)
    .map((problem) => violation(problem, param));
}

function violation({ pointer, message }: Problem, param: string): ErrorDetail {
  const keyword = keywordAt(pointer);
  const place = keyword === undefined ? '' : `keyword "${keyword}" at ${pointer} `;
  return {
    param: `${param}${pointer.replaceAll('/', '.')}`,
    pointer,
    ...(keyword !== undefined && { keyword }),
    message: `${param} is not valid JSON Schema: ${place}${message}.`,
  };
}

function sizeProblem(schema: JsonObject): string | undefined {
  if (isDeeperThan(deepestSchema, schema)) return `is nested more than ${deepestSchema} levels deep. Make it flatter.`;
  return JSON.stringify(schema).length > longestSchema
    ? `is longer than ${longestSchema} characters. Make it smaller.`
    : undefined;
}

const dialectOf = ({ $schema }: JsonObject): Ajv | undefined =>
  $schema === undefined
    ? newest
    : dialects.find(({ pattern }) => typeof $schema === 'string' && pattern.test($schema))?.ajv;

function dialectProblems(schema: JsonObject, ajv: Ajv): Problem[] {
  // The dialect has been chosen; a meta-schema that ajv knows under another spelling is no reason to refuse.
  const { $schema: dialect, ...rest } = schema;
  const problems = problemsBy(ajv, rest);
  // Who names no dialect may write a list of `items` as it was written before 2020.
  const isOld = dialect === undefined && problems.some(({ pointer }) => Array.isArray(valueAt(rest, pointer)));
  if (!isOld) return problems;
  return problemsBy(ajv, withoutLists(rest)).map(({ pointer, message }) => ({
    pointer: pointer.replaceAll('/prefixItems', '/items'),
    message,
  }));
}

const problemsBy = (ajv: Ajv, schema: JsonObject): Problem[] =>
  ajv.validateSchema(schema) === true ? [] : distinct(ajv.errors ?? []);

/** The same schema with lists of `items` under the name that they have now. */
function withoutLists(schema: JsonObject): JsonObject {
  const copy = structuredClone(schema);
  for (const { schema: place } of schemaPlaces(copy)) {
    if (!Array.isArray(place.items)) continue;
    place.prefixItems = place.items;
    delete place.items;
  }
  return copy;
}

/** One sentence for each place: the others are ways in which the same value is wrong. */
function distinct(errors: readonly ErrorObject[]): Problem[] {
  const byPlace = new Map<string, string>();
  for (const error of errors) {
    if (!byPlace.has(error.instancePath)) byPlace.set(error.instancePath, sentence(error));
  }
  return [...byPlace].map(([pointer, message]) => ({ pointer, message }));
}

function sentence({ keyword, message = 'is wrong', params }: ErrorObject): string {
  if (keyword === 'enum') return `must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  return message;
}
