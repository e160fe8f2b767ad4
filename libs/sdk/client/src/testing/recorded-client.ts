import type { HeadraceClient } from '../client.js';
import type { StorageLike } from '../environment.js';
import type { ModelRiverEventMap, ModelRiverEventType } from '../types.js';

const events: readonly ModelRiverEventType[] = [
  'connecting',
  'connected',
  'disconnected',
  'reconnecting',
  'response',
  'tokens',
  'error',
  'channel_joined',
  'channel_error',
];

/** All events of a client but its steps, in order: `channel_joined`, `response success`, `error Request timed out`. */
export function recordEvents(client: HeadraceClient): string[] {
  const seen: string[] = [];
  for (const event of events) {
    client.on(event, (...args: unknown[]) => {
      const [first] = args as [{ status?: string; data?: string } | string | undefined];
      const detail = typeof first === 'object' ? (first.status ?? first.data) : first;
      seen.push(event === 'reconnecting' || detail === undefined ? event : `${event} ${detail}`);
    });
  }
  return seen;
}

/** Resolves with what the listeners of the next such event are called with. */
export function next<Event extends ModelRiverEventType>(
  client: HeadraceClient,
  event: Event,
): Promise<Parameters<ModelRiverEventMap[Event]>[0]> {
  return new Promise((resolve) => {
    const remove = client.on(event, ((value: never) => {
      remove();
      resolve(value);
    }) as ModelRiverEventMap[Event]);
  });
}

/** What `sessionStorage` is to a page, over its reloads. */
export class StorageInMemory implements StorageLike {
  readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}
