import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import fc from 'fast-check';
import { jsonChanges, type JsonChange } from './json-changes.js';

describe('the changes between two JSON values', () => {
  it('are told at the deepest place, with what was and what is', () => {
    const from = { model: 'small', fallbacks: [{ model: 'a' }, { model: 'b' }], parameters: { top_p: 1 } };
    const to = { model: 'large', fallbacks: [{ model: 'a' }, { model: 'c' }], parameters: { temperature: 0 } };
    expect(jsonChanges(from, to)).toEqual([
      { path: '/model', from: 'small', to: 'large' },
      { path: '/fallbacks/1/model', from: 'b', to: 'c' },
      { path: '/parameters/top_p', from: 1 },
      { path: '/parameters/temperature', to: 0 },
    ]);
  });

  it('tell of null as of a value, and of a value that took the place of another kind', () => {
    expect(jsonChanges({ retry: null }, { retry: { attempts: 3 } })).toEqual([
      { path: '/retry', from: null, to: { attempts: 3 } },
    ]);
  });

  it('escape the keys in their paths', () => {
    expect(jsonChanges({ 'a/b~c': 1 }, {})).toEqual([{ path: '/a~1b~0c', from: 1 }]);
  });

  it('make the one value into the other, and are none only for equal ones', () => {
    // A key that JavaScript gives a meaning of its own cannot be set by a plain assignment.
    const value = fc.jsonValue({ maxDepth: 3 }).filter((json) => !JSON.stringify(json).includes('__proto__'));
    fc.assert(
      fc.property(value, value, (from, to) => {
        const [one, other] = [from as Json, plain(to as Json)];
        const changes = jsonChanges(one, other);
        expect(applied(one, changes)).toEqual(other);
        expect(jsonChanges(one, one)).toEqual([]);
      }),
    );
  });
});

/** As JSON has it: without the sign of zero. */
const plain = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

/** What becomes of a value by its changes. Entries of lists that are gone are the last ones. */
function applied(value: Json, changes: readonly JsonChange[]): Json {
  const holder: JsonObject = { root: plain(value) };
  for (const { path, to } of changes.toReversed()) {
    const steps = ['root', ...path.split('/').slice(1)].map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = steps.pop() ?? '';
    const parent = steps.reduce<Json>((at, step) => (at as JsonObject)[step] ?? null, holder) as JsonObject;
    if (to !== undefined) parent[key] = plain(to);
    else if (Array.isArray(parent)) parent.pop();
    else Reflect.deleteProperty(parent, key);
  }
  return holder.root ?? null;
}
