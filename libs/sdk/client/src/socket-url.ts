import { environment } from './environment.js';

/** Sockets are opened on the page's own host, unless told otherwise. */
export const DEFAULT_BASE_URL = '/socket';

/** Absolute `ws:` or `wss:` address of a socket mount; paths are those of the page's host. Throws on what is no URL. */
export function socketUrlOf(baseUrl: string): string {
  const { href } = new URL(baseUrl, environment.location?.href);
  const url = href.replace(/^http/, 'ws').replace(/\/+$/, '');
  return url.endsWith('/socket') ? url : `${url}/socket`;
}

/** Where the upgrade is asked for, with the token and the version of the protocol. */
export function buildWebSocketUrl(baseUrl: string, token: string): string {
  const url = baseUrl.endsWith('/websocket') ? baseUrl : `${baseUrl}/websocket`;
  return `${url}?token=${encodeURIComponent(token)}&vsn=2.0.0`;
}
