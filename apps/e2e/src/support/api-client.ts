import type { AsyncReply, RequestView } from './wire.js';

const callLimitMs = 15_000;

/** An answer, whatever its status. */
export interface ApiAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** How a call differs from a JSON call with the client's key. */
export interface CallOptions {
  /** Null: none is sent. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  /** Sent as it is instead of a JSON body. */
  readonly raw?: string;
}

/** The fields of a request that tests set; a user message is added when there is none. */
export type Ask = Record<string, unknown>;

/** A customer's program that calls the REST API. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** Calls a path, or a whole URL. Rejects only when no answer comes. */
  async call<Body>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<ApiAnswer<Body>> {
    const key = options.key === undefined ? this.key : options.key;
    const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(path.startsWith('http') ? path : `${this.url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      body: text,
      signal: AbortSignal.timeout(callLimitMs),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(answer) as Body };
  }

  /** Calls and throws unless the answer is 2xx. */
  async must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.call<Body>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** `POST /v1/ai/async`. */
  ask(request: Ask): Promise<AsyncReply> {
    return this.must('POST', '/v1/ai/async', anAsk(request));
  }

  /** `GET /v1/requests/{channel_id}`. */
  request(channel: string): Promise<RequestView> {
    return this.must('GET', `/v1/requests/${channel}`);
  }
}

/** A valid request body. */
export const anAsk = (request: Ask): Ask => ({ messages: [{ role: 'user', content: 'Hello' }], ...request });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
