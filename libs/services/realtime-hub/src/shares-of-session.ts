import type { IncomingMessage } from 'node:http';
import type { AddressOf } from './client-address.js';
import type { Share } from './phoenix/shares.js';
import type { RealtimeHubSettings } from './realtime-hub.config.js';
import type { TokenSession } from './response-channel/token-session.js';

/**
 * What a socket has in common with others, as far as there are limits: its address, the channel of its token (another
 * token of the same channel is no other share) and its project. Undefined when there is no limit at all.
 */
export function sharesOfSession(
  settings: RealtimeHubSettings,
  addressOf: AddressOf,
): ((session: TokenSession, request: IncomingMessage) => readonly Share[]) | undefined {
  const limits = {
    address: { mostSockets: settings.maxSocketsPerIp, mostJoins: settings.maxJoinsPerIp },
    token: { mostSockets: settings.maxSocketsPerToken, mostJoins: settings.maxJoinsPerToken },
    project: { mostSockets: settings.maxSocketsPerProject, mostJoins: settings.maxJoinsPerProject },
  };
  const limited = (['address', 'token', 'project'] as const).filter(
    (what) => limits[what].mostSockets + limits[what].mostJoins > 0,
  );
  if (limited.length === 0) return undefined;
  const ids = {
    address: (_session: TokenSession, request: IncomingMessage) => addressOf(request),
    token: ({ channel }: TokenSession) => channel,
    project: ({ project }: TokenSession) => project,
  };
  return (session, request) =>
    limited.map((what) => ({ key: `${what} ${ids[what](session, request)}`, what, ...limits[what] }));
}
