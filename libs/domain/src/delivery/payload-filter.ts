import type { JsonObject } from '@headrace/contracts';
import { filterOperators, isPrimitive } from './payload-filter-operators.js';
import { pathProblem, valueAt } from './payload-filter-path.js';

/*
 * Conditions on the body of a webhook, as JSON:
 *
 *   filter    = { path: wanted, … }        every entry must hold
 *   path      = data.order.total           dots into objects, numbers into arrays
 *   wanted    = text, number, true, false, null: equal to it
 *             | { $operator: operand, … }  every one must hold
 *             | filter                     of what is at the path
 *   also      { $and: [filter, …] }, { $or: [filter, …] }, { $not: filter }, anywhere in place of a path
 */

/** What a filter may hold. */
export const payloadFilterLimits = { characters: 4_096, conditions: 50, depth: 5 } as const;

/** What is wrong in a filter. */
export interface PayloadFilterViolation {
  /** Keys that lead there (`data.total.$foo`); empty for the whole filter. */
  readonly path: string;
  /** What is wrong and what would be right, to be read after the field's name. */
  readonly message: string;
}

type Predicate = (body: unknown) => boolean;

/** Where in a filter something stands. */
interface Place {
  /** Keys that lead there. */
  readonly keys: readonly string[];
  /** The path into the body that holds there; empty at the top. */
  readonly path: string;
  /** How many of `$and`, `$or` and `$not` are around it. */
  readonly depth: number;
}

/** Everything that is wrong in a filter; empty when it can be used. Never throws, whatever it is given. */
export function payloadFilterViolations(filter: JsonObject): PayloadFilterViolation[] {
  if (JSON.stringify(filter).length > payloadFilterLimits.characters) {
    return [{ path: '', message: `must not be longer than ${payloadFilterLimits.characters} characters of JSON` }];
  }
  const compiler = new Compiler();
  compiler.compile(filter);
  return compiler.violations;
}

const compiled = new WeakMap<JsonObject, Predicate>();

/**
 * Whether a webhook's body meets a filter without violations. A filter is compiled at its first use and must not
 * change after it. One with violations, which nothing saves, lets everything through: a webhook too many is better
 * than one that is lost.
 */
export function matchesPayloadFilter(filter: JsonObject, body: object): boolean {
  let predicate = compiled.get(filter);
  if (!predicate) {
    const compiler = new Compiler();
    const meant = compiler.compile(filter);
    predicate = compiler.violations.length === 0 ? meant : () => true;
    compiled.set(filter, predicate);
  }
  return predicate(body);
}

class Compiler {
  readonly violations: PayloadFilterViolation[] = [];
  #conditions = 0;

  compile(filter: JsonObject): Predicate {
    const predicate = this.#all(filter, { keys: [], path: '', depth: 0 });
    if (this.#conditions > payloadFilterLimits.conditions) {
      this.#refuse([], `must not have more than ${payloadFilterLimits.conditions} conditions`);
    }
    return predicate;
  }

  #all(filter: unknown, place: Place): Predicate {
    if (!isObject(filter)) return this.#refuse(place.keys, 'must be an object of conditions');
    const entries = Object.entries(filter);
    if (entries.length === 0) return this.#refuse(place.keys, 'must have a condition');
    const predicates = entries.map(([key, wanted]) => this.#entry(key, wanted, place));
    return (body) => predicates.every((holds) => holds(body));
  }

  #entry(key: string, wanted: unknown, { keys, path, depth }: Place): Predicate {
    const here = { keys: [...keys, key], path, depth: depth + 1 };
    if (key === '$and' || key === '$or' || key === '$not') return this.#combination(key, wanted, here);
    if (key.startsWith('$')) return this.#condition(key, wanted, here);
    return this.#at(wanted, { keys: here.keys, path: path === '' ? key : `${path}.${key}`, depth });
  }

  #combination(key: '$and' | '$or' | '$not', wanted: unknown, place: Place): Predicate {
    if (place.depth > payloadFilterLimits.depth) {
      return this.#refuse(place.keys, `must not be within ${payloadFilterLimits.depth} others of $and, $or and $not`);
    }
    if (key === '$not') {
      const holds = this.#all(wanted, place);
      return (body) => !holds(body);
    }
    if (!Array.isArray(wanted) || wanted.length === 0) return this.#refuse(place.keys, 'must be a list of filters');
    const predicates = wanted.map((filter: unknown, index) =>
      this.#all(filter, { ...place, keys: [...place.keys, String(index)] }),
    );
    return key === '$and'
      ? (body) => predicates.every((holds) => holds(body))
      : (body) => predicates.some((holds) => holds(body));
  }

  #condition(name: string, operand: unknown, { keys, path }: Place): Predicate {
    this.#conditions += 1;
    const operator = filterOperators.get(name);
    if (!operator)
      return this.#refuse(keys, `must be one of ${[...filterOperators.keys()].join(', ')}, $and, $or, $not`);
    if (path === '') return this.#refuse(keys, `must be within a path, as in {"data.total": {"${name}": …}}`);
    const test = operator.test(operand);
    return test ? (body) => test(valueAt(body, path)) : this.#refuse(keys, `must be ${operator.operand}`);
  }

  #at(wanted: unknown, place: Place): Predicate {
    const { keys, path } = place;
    const problem = pathProblem(path);
    if (problem !== undefined) return this.#refuse(keys, problem);
    if (isObject(wanted)) return this.#all(wanted, place);
    this.#conditions += 1;
    if (isPrimitive(wanted)) return (body) => valueAt(body, path) === wanted;
    return this.#refuse(keys, 'must not be a list: write {"$in": […]} for one of several values');
  }

  #refuse(keys: readonly string[], message: string): Predicate {
    this.violations.push({ path: keys.join('.'), message });
    return () => true;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
