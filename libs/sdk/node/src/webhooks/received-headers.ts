import { WebhookVerificationError } from '../errors.js';

/** Headers as frameworks have them: of Fetch, of Node, or any object; the case of names does not matter. */
export type WebhookHeaders =
  Iterable<readonly [string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads headers whatever their kind. */
export class ReceivedHeaders {
  readonly #values: ReadonlyMap<string, string>;

  constructor(headers: WebhookHeaders) {
    // Not by `instanceof`: frameworks bring `Headers` of their own.
    const entries = isIterable(headers) ? [...headers] : Object.entries(headers);
    const values = entries.flatMap(([name, value]): [string, string][] => {
      const text = typeof value === 'string' ? value : value?.join(', ');
      return text === undefined ? [] : [[name.toLowerCase(), text]];
    });
    this.#values = new Map(values);
  }

  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  /** Throws when the header is not there. */
  must(name: string): string {
    const value = this.get(name);
    if (value === null || value === '') {
      throw new WebhookVerificationError('missing_header', `The header ${name} is missing.`);
    }
    return value;
  }
}

const isIterable = (headers: WebhookHeaders): headers is Iterable<readonly [string, string]> =>
  typeof (headers as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
