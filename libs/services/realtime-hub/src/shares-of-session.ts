import type { IncomingMessage } from 'node:http';
import type { AddressOf } from './client-address.js';
import type { Share } from './phoenix/shares.js';
import type { RealtimeHubSettings } from './realtime-hub.config.js';
import type { TokenSession } from './response-channel/token-session.js';

/**
 * What a socket has in common with others, as far as there are limits: its address, the channel of its token (another
 * token of the same channel is no other share) and its project.
 */
export function sharesOfSession(
  settings: RealtimeHubSettings,
  addressOf: AddressOf,
): (session: TokenSession, request: IncomingMessage) => readonly Share[] {
  const share = (what: string, key: string, mostSockets: number, mostJoins: number): Share[] =>
    mostSockets + mostJoins > 0 ? [{ key: `${what} ${key}`, what, mostSockets, mostJoins }] : [];
  return ({ project, channel }, request) => [
    ...share('address', addressOf(request), settings.maxSocketsPerIp, settings.maxJoinsPerIp),
    ...share('token', channel, settings.maxSocketsPerToken, settings.maxJoinsPerToken),
    ...share('project', project, settings.maxSocketsPerProject, settings.maxJoinsPerProject),
  ];
}
