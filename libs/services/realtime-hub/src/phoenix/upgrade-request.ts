import type { IncomingMessage } from 'node:http';
import { negotiateSerializer, type Serializer } from '@headrace/contracts';
import type { ConnectRequest, PhoenixOptions } from './phoenix-options.js';

/** What an HTTP upgrade asks of one mount. */
export type UpgradeReading =
  { readonly kind: 'elsewhere' } | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 } | AcceptedUpgrade;

/** An upgrade that the mount takes. */
export interface AcceptedUpgrade {
  readonly kind: 'accepted';
  readonly serializer: Serializer;
  readonly request: ConnectRequest;
}

/** The subprotocol that a client offers beside its token, and that it wants selected. */
export const phoenixSubprotocol = 'phoenix';

const bearerSubprotocol = 'base64url.bearer.phx.';

/** Reads an upgrade: path, method, version, origin, in the order in which Phoenix refuses. */
export function readUpgrade(
  { url = '/', method, headers }: Pick<IncomingMessage, 'url' | 'method' | 'headers'>,
  options: Pick<PhoenixOptions<unknown>, 'path' | 'allowedOrigins' | 'acceptAuthSubprotocol'>,
): UpgradeReading {
  const [path = '', query = ''] = splitOnce(url, '?');
  const place = path.replace(/\/+$/, '');
  if (place !== options.path && !place.startsWith(`${options.path}/`)) return { kind: 'elsewhere' };
  if (place !== `${options.path}/websocket`) return { kind: 'refused', status: 404 };
  if (method !== 'GET') return { kind: 'refused', status: 400 };
  const params = new URLSearchParams(query);
  const serializer = negotiateSerializer(params);
  if (serializer === undefined || !originAllowed(headers.origin, options.allowedOrigins)) {
    return { kind: 'refused', status: 403 };
  }
  const request = readConnect(params, options, bearerToken(headers['sec-websocket-protocol']));
  return { kind: 'accepted', serializer, request };
}

/** What a client shows; its token apart from the query counts where the mount takes such. */
export function readConnect(
  params: URLSearchParams,
  { acceptAuthSubprotocol }: Pick<PhoenixOptions<unknown>, 'acceptAuthSubprotocol'>,
  authToken: string | undefined,
): ConnectRequest {
  return { params, ...(acceptAuthSubprotocol && authToken !== undefined ? { authToken } : {}) };
}

/** Only browsers send an Origin, so its absence is no reason to refuse. */
export function originAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  return allowed.length === 0 || origin === undefined || allowed.includes(origin);
}

function bearerToken(protocols: string | undefined): string | undefined {
  const offered = protocols?.split(',').map((protocol) => protocol.trim());
  const bearer = offered?.find((protocol) => protocol.startsWith(bearerSubprotocol));
  return bearer && Buffer.from(bearer.slice(bearerSubprotocol.length), 'base64url').toString('utf8');
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
