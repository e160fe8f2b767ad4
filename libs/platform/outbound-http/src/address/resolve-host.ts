import { lookup, type LookupAddress } from 'node:dns';

/** All addresses of a host name, in the order to try them. Rejects with a DNS error (`code: ENOTFOUND`, …). */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * The system's own resolver, hosts file included. Look-ups of one name that run at the same time share one:
 * each holds a thread of the process's small pool for as long as the name's server makes it wait.
 */
export function systemResolver(): ResolveHost {
  const running = new Map<string, Promise<readonly LookupAddress[]>>();
  return (host) => {
    const shared = running.get(host);
    if (shared) return shared;
    const started = resolve(host).finally(() => running.delete(host));
    running.set(host, started);
    return started;
  };
}

function resolve(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((fulfil, reject) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error) reject(error);
      else fulfil(addresses);
    });
  });
}
