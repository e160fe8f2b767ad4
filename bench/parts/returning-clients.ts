/** Real clients behind a proxy that can lead them to another hub; they tell when each of them came back. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HeadraceClient } from '@headrace/client';
import { Socket } from 'phoenix';
import { serve } from '../lib/part.ts';
import type { JoinPlan, Returns } from '../lib/hub-restart-plan.ts';

/** So many connections are opened at a time at the start, which is not what is measured. */
const openedAtOnce = 50;

let port = 0;
let joined = 0;
/** When the clients came to the proxy, once that is looked at, and when they had joined. */
let arrivals: number[] | undefined;
let joins: number[] = [];

const proxy = createServer({ noDelay: true }, (near) => {
  arrivals?.push(performance.now());
  const far = connect({ port, host: '127.0.0.1', noDelay: true });
  for (const socket of [near, far]) {
    socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy()));
  }
  near.pipe(far).pipe(near);
});

serve({ join, leadTo, returns });

async function join({ client, topics, hubPort }: JoinPlan): Promise<number> {
  port = hubPort;
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', 8_192, resolve));
  const url = `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}/socket`;
  for (const [index, { topic, channel, token }] of topics.entries()) {
    if (client === 'phoenix') joinWithPhoenix(url, topic, token);
    else joinWithOurs(url, topic, channel, token);
    while (joined < index - openedAtOnce) await delay(5);
  }
  while (joined < topics.length) await delay(5);
  return joined;
}

/** From now on the other hub takes who comes. */
function leadTo(hubPort: number): void {
  port = hubPort;
  arrivals = [];
  joins = [];
}

/** Waits until so many have joined again. Times are milliseconds since the first of them came. */
async function returns(count: number): Promise<Returns> {
  while (joins.length < count) await delay(20);
  const [first = 0] = arrivals ?? [];
  return { arrivals: (arrivals ?? []).map((at) => at - first), allJoinedMs: Math.max(...joins) - first };
}

function hasJoined(): void {
  joined += 1;
  joins.push(performance.now());
}

function joinWithPhoenix(url: string, topic: string, token: string): void {
  const socket = new Socket(url, { params: { token }, transport: WebSocket });
  socket.connect();
  socket.channel(topic).join().receive('ok', hasJoined);
}

function joinWithOurs(websocketUrl: string, websocketChannel: string, channelId: string, wsToken: string): void {
  const client = new HeadraceClient({ persist: false });
  client.on('channel_joined', hasJoined);
  client.connect({ channelId, wsToken, websocketUrl, websocketChannel });
}
