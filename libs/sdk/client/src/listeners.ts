import type { ModelRiverEventMap, ModelRiverEventType } from './types.js';

type Listener = (...args: never[]) => void;

/** Who listens to what. A listener that throws is reported, and the others are called all the same. */
export class Listeners {
  readonly #listeners = new Map<ModelRiverEventType, Set<Listener>>();

  /** Returns what removes it. */
  add<Event extends ModelRiverEventType>(event: Event, listener: ModelRiverEventMap[Event]): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => this.remove(event, listener);
  }

  remove<Event extends ModelRiverEventType>(event: Event, listener: ModelRiverEventMap[Event]): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit<Event extends ModelRiverEventType>(event: Event, ...args: Parameters<ModelRiverEventMap[Event]>): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(...(args as never[]));
      } catch (error) {
        console.error(`[Headrace] A listener of "${event}" threw:`, error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
