import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from './refuse-upgrade.js';

/** Says at once whether it takes an upgrade; one that was taken is its own to answer. */
export type TakeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

const takersOf = new WeakMap<Server, TakeUpgrade[]>();

/**
 * Offers the upgrades of an HTTP server to each taker in turn, and refuses with 404 what none of them takes: services
 * that share a process do not know of each other, and an upgrade that nobody answers stays open for ever.
 */
export function onUpgrade(server: Server, take: TakeUpgrade): void {
  const takers = takersOf.get(server);
  if (takers) {
    takers.push(take);
    return;
  }
  const all = [take];
  takersOf.set(server, all);
  server.on('upgrade', (request, socket, head) => {
    if (!all.some((one) => one(request, socket, head))) refuseUpgrade(socket, 404);
  });
}
