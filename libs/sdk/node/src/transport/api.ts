import type { CallOptions, MakingOptions } from '../options.js';
import { Listing, type Page } from '../page.js';
import type { Call, HttpCaller } from './http-caller.js';

/** Values of a query; those that are undefined are left out. */
export type Query = NonNullable<Call['query']>;

/** The API by its verbs: each gives the body of the answer. */
export class Api {
  readonly #http: HttpCaller;

  constructor(http: HttpCaller) {
    this.#http = http;
  }

  get<Body>(path: string, options?: CallOptions, query?: Query): Promise<Body> {
    return this.#body({ method: 'GET', path, query }, options);
  }

  /** A list whose pages are linked by cursors. */
  list<Item>(path: string, filter: Query | object, options?: CallOptions): Listing<Item> {
    return new Listing((cursor) => this.get<Page<Item>>(path, options, { ...(filter as Query), cursor }));
  }

  /** Makes or does something, once, however often it is sent. */
  post<Body>(path: string, body: object | undefined, options: MakingOptions = {}): Promise<Body> {
    const { idempotencyKey, ...others } = options;
    return this.#body({ method: 'POST', path, body, idempotencyKey }, others);
  }

  patch<Body>(path: string, body: object, options?: CallOptions): Promise<Body> {
    return this.#body({ method: 'PATCH', path, body }, options);
  }

  put<Body>(path: string, body: object, options?: CallOptions): Promise<Body> {
    return this.#body({ method: 'PUT', path, body }, options);
  }

  delete<Body>(path: string, options?: CallOptions): Promise<Body> {
    return this.#body({ method: 'DELETE', path }, options);
  }

  async #body<Body>(call: Call, options?: CallOptions): Promise<Body> {
    return (await this.#http.call<Body>(call, options)).body;
  }
}
