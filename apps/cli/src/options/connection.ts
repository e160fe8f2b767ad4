import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandFailed } from '../errors.js';
import type { Surroundings } from '../surroundings.js';
import { httpUrlOf } from './parse-options.js';
import { readLogin } from './saved-login.js';

/** Where the server is and who we are to it. */
export interface Connection {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
}

/** What the command line says of it. */
export interface ConnectionValues {
  readonly url?: string | undefined;
  readonly 'api-key'?: string | undefined;
}

const defaultUrl = 'http://localhost:4100';

/** A URL without the slash at its end, so that paths can follow it. */
export const baseOf = (url: URL): string => `${url.origin}${url.pathname}`.replace(/\/+$/, '');

/** The server's URL by itself: option, environment, saved login, default. */
export function serverUrl(values: ConnectionValues, around: Surroundings): string {
  if (values.url !== undefined) return baseOf(httpUrlOf('--url', values.url));
  const { HEADRACE_URL: fromEnvironment } = around.environment;
  if (fromEnvironment) return baseOf(httpUrlOf('HEADRACE_URL', fromEnvironment));
  return readLogin(around)?.url ?? defaultUrl;
}

/**
 * Option, then environment, then the saved login; with a server on this machine also the key that `npm start` keeps
 * in its data folder. A saved key goes to the server that it was saved for and to no other.
 */
export function connectionOf(values: ConnectionValues, around: Surroundings): Connection {
  const url = serverUrl(values, around);
  const given = values['api-key'] ?? (around.environment['HEADRACE_API_KEY'] || undefined);
  const apiKey = given ?? savedKeyFor(url, around) ?? keyBesides(url, around);
  if (apiKey === undefined) {
    throw new CommandFailed(`There is no API key for ${url}. Run "headrace login", or set HEADRACE_API_KEY.`);
  }
  return { url, apiKey };
}

function savedKeyFor(url: string, around: Surroundings): string | undefined {
  const login = readLogin(around);
  return login?.url === url ? login.apiKey : undefined;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

function keyBesides(url: string, { environment, workingDirectory }: Surroundings): string | undefined {
  if (!loopback.has(new URL(url).hostname)) return undefined;
  const folder = path.resolve(workingDirectory, environment['HEADRACE_DATA_DIR'] ?? '.headrace');
  try {
    return readFileSync(path.join(folder, 'api-key'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
