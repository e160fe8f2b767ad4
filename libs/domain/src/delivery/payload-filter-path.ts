const longestPath = 200;

/** What is wrong with a dotted path (`data.items.0.price`), to be read after the field's name; undefined: nothing. */
export function pathProblem(path: string): string | undefined {
  if (path.length > longestPath) return `must be a path of at most ${longestPath} characters`;
  return path.split('.').includes('')
    ? 'must be a dotted path such as data.order.total, with no empty part'
    : undefined;
}

/**
 * The value at a dotted path of a JSON value, or undefined. A part is a key or the position in an array. A key may
 * itself hold dots, as `customer_data` has them for cache fields (`metadata.user_id`): where the part alone is no
 * key, it is taken together with the parts after it. The first key that exists is followed, so the time is bounded.
 */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  let start = 0;
  let end = -1;
  while (end < path.length) {
    end = endOfPart(path, end + 1);
    const key = path.slice(start, end);
    if (!hasKey(value, key)) continue;
    value = value[key];
    start = end + 1;
  }
  return start > path.length ? value : undefined;
}

function endOfPart(path: string, from: number): number {
  const dot = path.indexOf('.', from);
  return dot === -1 ? path.length : dot;
}

function hasKey(value: unknown, key: string): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
  return !Array.isArray(value) || key !== 'length';
}
