import { networkOf } from '../address/network-of.js';
import type { RealtimeSettings } from './realtime.settings.js';
import type { Share, ShareKind } from './shares.js';

/** How a client is told apart from others, for each kind of share; undefined: it has no such share. */
export type ShareIds<Client extends readonly unknown[]> = Readonly<
  Record<ShareKind, (...client: Client) => string | undefined>
>;

const kinds: readonly ShareKind[] = ['address', 'token', 'project'];

/**
 * Tells what a client has in common with others, as far as there are limits. Undefined when there is no limit at all.
 * An address of version 6 counts with its neighbours: whoever has one has all of its network.
 */
export function sharesBy<Client extends readonly unknown[]>(
  settings: RealtimeSettings,
  ids: ShareIds<Client>,
): ((...client: Client) => readonly Share[]) | undefined {
  const limits = {
    address: { mostSockets: settings.maxSocketsPerIp, mostJoins: settings.maxJoinsPerIp },
    token: { mostSockets: settings.maxSocketsPerToken, mostJoins: settings.maxJoinsPerToken },
    project: { mostSockets: settings.maxSocketsPerProject, mostJoins: settings.maxJoinsPerProject },
  };
  const limited = kinds.filter((what) => limits[what].mostSockets + limits[what].mostJoins > 0);
  if (limited.length === 0) return undefined;
  return (...client) =>
    limited.flatMap((what) => {
      const id = ids[what](...client);
      if (id === undefined) return [];
      return [{ key: `${what} ${what === 'address' ? networkOf(id) : id}`, what, ...limits[what] }];
    });
}
