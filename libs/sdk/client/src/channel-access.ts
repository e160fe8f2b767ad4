import type { AsyncResponse, ChannelAccess, ConnectOptions, ModelRiverClientOptions } from './types.js';

const answerMs = 10_000;
/** Of the statuses of 4xx, those that may be another one the next time. */
const passingStatuses = [408, 425, 429];

/** What `connect` takes, from what the server says. */
export const connectOptionsOf = (access: ChannelAccess): ConnectOptions => ({
  channelId: access.channel_id,
  wsToken: access.ws_token,
  websocketUrl: access.websocket_url,
  websocketChannel: access.websocket_channel,
});

/** Takes either form, so that an answer of the API can be handed on as it is. */
export const asConnectOptions = (request: ConnectOptions | AsyncResponse): ConnectOptions =>
  'channel_id' in request ? connectOptionsOf(request) : request;

/** An answer that says what is wrong, as that of the API or of a backend that handed it on. */
interface Refusal {
  readonly message?: unknown;
  readonly error?: { readonly message?: unknown } | string | null;
}

/** Why nothing can be followed with this, in the words of who refused to ask, if it has some; null if it can. */
export function whatIsMissing(request: ConnectOptions | AsyncResponse): string | null {
  const { channelId, wsToken } = asConnectOptions(request);
  if (channelId) return wsToken ? null : 'wsToken is required for WebSocket authentication';
  const { message, error } = request as Refusal;
  const said = (typeof error === 'object' ? error?.message : undefined) ?? message ?? error;
  return typeof said === 'string' && said ? said : 'channelId is required';
}

/** Whether a client was told how to get fresh tokens. */
export const canRenew = ({ refreshAccess, apiBaseUrl }: ModelRiverClientOptions): boolean =>
  !!(refreshAccess ?? apiBaseUrl);

/**
 * Gets a fresh token of a channel. Resolves to undefined if there is none for us, rejects if there is none now.
 */
export async function freshAccess(
  { refreshAccess, apiBaseUrl }: ModelRiverClientOptions,
  channelId: string,
): Promise<ConnectOptions | undefined> {
  const access = refreshAccess
    ? await refreshAccess(channelId)
    : apiBaseUrl && (await fetchAccess(apiBaseUrl, channelId));
  return access && access.channel_id && access.ws_token ? connectOptionsOf(access) : undefined;
}

async function fetchAccess(apiBaseUrl: string, channelId: string): Promise<ChannelAccess | undefined> {
  const answer = await fetch(`${apiBaseUrl.replace(/\/+$/, '')}/api/v1/ai/reconnect`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel_id: channelId }),
    signal: AbortSignal.timeout(answerMs),
  });
  if (answer.ok) return (await answer.json()) as ChannelAccess;
  if (answer.status < 500 && !passingStatuses.includes(answer.status)) return undefined;
  throw new Error(`HTTP ${answer.status}`);
}
