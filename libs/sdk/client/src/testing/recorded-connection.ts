import { ChannelConnection } from '../channel-connection.js';
import type { ChannelListener, ChannelOptions } from '../channel-listener.js';
import type { ChannelServer } from './channel-server.js';

export const topic = 'ai_response:p:c';

/** Starts a connection; `told` is what it told, and `until` waits for something of it. */
export function connectTo({ url }: ChannelServer, options: Partial<ChannelOptions> = {}) {
  const told: string[] = [];
  const waiting: { what: string; resolve: () => void }[] = [];
  const tell = (what: string): void => {
    told.push(what);
    for (const waiter of waiting.filter((waiter) => waiter.what === what)) waiter.resolve();
  };
  const listener: ChannelListener = {
    opened: () => tell('opened'),
    joined: () => tell('joined'),
    alive: () => tell('alive'),
    pushed: (event, payload) => tell(`${event} ${JSON.stringify(payload)}`),
    lost: () => tell('lost'),
    unreachable: () => tell('unreachable'),
    retrying: (attempt) => tell(`retry ${attempt}`),
    refused: (reason) => tell(`refused ${reason}`),
  };
  const address = { url: `${url}/websocket?token=t&vsn=2.0.0`, topic };
  const connection = new ChannelConnection(address, listener, { heartbeatInterval: 30_000, ...options });
  connection.start();
  const until = (what: string): Promise<void> =>
    told.includes(what) ? Promise.resolve() : new Promise((resolve) => waiting.push({ what, resolve }));
  return { connection, told, until };
}
