import type { JsonObject } from '@headrace/contracts';
import { schemaPlaces, valueAt } from './schema-places.js';

/** What is wrong at a place of a schema; the place is a JSON Pointer. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

/** What no meta-schema tells, and no compiler takes: references that lead nowhere, patterns that are no regular expressions. */
export function reachProblems(root: JsonObject): Problem[] {
  const places = schemaPlaces(root);
  // Inside a schema with an $id of its own, references are from there: those are left to the compiler.
  const hasInnerIds = places.some(({ schema, pointer }) => pointer !== '' && '$id' in schema);
  const anchors = new Set(places.flatMap(({ schema }) => [schema.$anchor, schema.$dynamicAnchor]));
  return places.flatMap(({ schema, pointer }) => {
    const { $ref, pattern, patternProperties = {} } = schema;
    const reference =
      typeof $ref === 'string' && !hasInnerIds ? referenceProblem(root, anchors, $ref, `${pointer}/$ref`) : [];
    const patterns = Object.keys(patternProperties as JsonObject);
    return [
      ...reference,
      ...(Array.isArray(schema.enum) && schema.enum.length === 0
        ? [{ pointer: `${pointer}/enum`, message: 'must not be empty' }]
        : []),
      ...('id' in schema ? [{ pointer: `${pointer}/id`, message: 'is written $id since draft-06' }] : []),
      ...(typeof pattern === 'string' ? patternProblem(pattern, `${pointer}/pattern`) : []),
      ...patterns.flatMap((source) => patternProblem(source, `${pointer}/patternProperties`)),
    ];
  });
}

function referenceProblem(root: JsonObject, anchors: ReadonlySet<unknown>, written: string, pointer: string) {
  // A schema may call itself by its name.
  const isOwn = typeof root.$id === 'string' && written.startsWith(`${root.$id.replace(/#$/, '')}#`);
  const reference = isOwn ? written.slice(written.indexOf('#')) : written;
  if (!reference.startsWith('#')) {
    return [{ pointer, message: `refers to another document (${reference.slice(0, 100)}). Put it into $defs` }];
  }
  const fragment = decoded(reference.slice(1));
  const isThere =
    fragment.startsWith('/') || fragment === '' ? valueAt(root, fragment) !== undefined : anchors.has(fragment);
  return isThere ? [] : [{ pointer, message: `refers to ${reference.slice(0, 100)}, which is not there` }];
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Schemas are written for other languages too: either of JavaScript's dialects will do. */
function patternProblem(source: string, pointer: string): Problem[] {
  for (const flags of ['u', '']) {
    try {
      RegExp(source, flags);
      return [];
    } catch {
      // The other dialect may know it.
    }
  }
  return [{ pointer, message: `is not a regular expression: ${source.slice(0, 100)}` }];
}
