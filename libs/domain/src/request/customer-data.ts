import type { Json, JsonObject } from '@headrace/contracts';

interface CustomerFields {
  readonly metadata?: JsonObject | null;
  readonly user_id?: string | number | null;
  readonly task_id?: string | number | null;
}

/**
 * What comes back to the client as `customer_data` (CONTRACT section 3): the cache fields under their full paths
 * (`metadata.user_id`, `messages.0.content`), those that the request has; without cache fields the top-level keys
 * of `metadata`, `user_id` and `task_id`.
 */
export function customerDataOf(body: CustomerFields, cacheFields: readonly string[]): JsonObject {
  if (cacheFields.length === 0) {
    const { metadata, user_id: userId, task_id: taskId } = body;
    return { ...metadata, ...given('user_id', userId), ...given('task_id', taskId) };
  }
  const found = cacheFields.map((path) => [path, valueAt(body, path)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

const given = (name: string, value: string | number | null | undefined): JsonObject =>
  value === undefined || value === null ? {} : { [name]: value };

function valueAt(value: unknown, path: string): Json | undefined {
  let current: unknown = value;
  for (const step of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current as Json | undefined;
}
