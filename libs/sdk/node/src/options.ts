import { ConfigurationError } from './errors.js';

/** How a client is made. Everything has a default. */
export interface HeadraceOptions {
  /** Key of your project; `HEADRACE_API_KEY` unless given. */
  readonly apiKey?: string;
  /** Where the system is; `HEADRACE_URL`, else `http://localhost:4100`. */
  readonly baseUrl?: string;
  /** Longest wait for one attempt's answer, in milliseconds: 60 s; `ask`: 11 minutes. Streams: between two pieces. */
  readonly timeoutMs?: number;
  /** How often a call is tried again: 3 times. */
  readonly maxRetries?: number;
  /** Largest answer that is read, in bytes: 32 MiB. */
  readonly maxResponseBytes?: number;
  /** Other origins that callbacks may go to, when a callback URL is given as text. */
  readonly trustedOrigins?: readonly string[];
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** How one call differs. */
export interface CallOptions {
  /** Aborts the call, its retries and its stream; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  /** Sent beside ours; cannot replace `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a call differs that makes something. */
export interface MakingOptions extends CallOptions {
  /** Made anew for each call, and kept over its retries. Give one of your own to survive restarts of your program. */
  readonly idempotencyKey?: string;
}

/** Options as they hold. */
export interface Settings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly timeoutMs: number | undefined;
  readonly maxRetries: number;
  readonly maxResponseBytes: number;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly fetch: typeof fetch;
}

/** Fills options up and checks them. Throws `ConfigurationError`, which never shows the key. */
export function settingsOf(options: HeadraceOptions): Settings {
  const apiKey = options.apiKey ?? process.env['HEADRACE_API_KEY'] ?? '';
  if (apiKey === '') throw new ConfigurationError('There is no API key. Set HEADRACE_API_KEY, or give apiKey.');
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigurationError('apiKey has characters that no key has, such as a space or a line break at its end.');
  }
  const baseUrl = baseUrlOf(options.baseUrl ?? process.env['HEADRACE_URL'] ?? 'http://localhost:4100');
  return {
    apiKey,
    baseUrl,
    timeoutMs: options.timeoutMs === undefined ? undefined : positive('timeoutMs', options.timeoutMs),
    maxRetries: wholeNumber('maxRetries', options.maxRetries ?? 3),
    maxResponseBytes: positive('maxResponseBytes', options.maxResponseBytes ?? 32 * 1024 * 1024),
    trustedOrigins: new Set([baseUrl, ...(options.trustedOrigins ?? [])].map((url) => urlOf(url).origin)),
    // Looked up at each call: whoever replaces the global one later is heard.
    fetch: options.fetch ?? ((...call) => fetch(...call)),
  };
}

/** Checks a time limit or a size. */
export function positive(name: string, value: number): number {
  if (!(value > 0)) throw new ConfigurationError(`${name} must be a positive number.`);
  return value;
}

/** Checks a count. */
export function wholeNumber(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new ConfigurationError(`${name} must be a whole number from 0.`);
  return value;
}

function baseUrlOf(text: string): string {
  const url = urlOf(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError('baseUrl must have neither a user, a query nor a fragment.');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // What was given is not repeated: it may hold a password.
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError('baseUrl and trustedOrigins must be http(s) URLs, such as https://ai.example.com.');
  }
  return url;
}
