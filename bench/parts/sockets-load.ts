/** The clients of the sockets' bench, in a process of their own: open sockets, join, and count what they hear. */
import { CountingSocket } from '../lib/counting-socket.ts';
import { serve } from '../lib/part.ts';
import type { HeardReport, OpenPlan, OpenReport } from '../lib/sockets-plan.ts';

/** Linux answers on all of 127.0.0.0/8, and one address has ports for 28,000 connections only. */
const localAddresses = process.platform === 'linux' ? Array.from({ length: 8 }, (_, n) => `127.0.0.${n + 2}`) : [];

/** Each socket is heard once in so many seconds, as often as a Phoenix client sends its heartbeats; in slices. */
const heartbeatSeconds = 30;
const slicesPerSecond = 10;

let sockets: CountingSocket[] = [];
let opened = 0;
let pinged = 0;
setInterval(() => {
  const slice = Math.ceil(sockets.length / (heartbeatSeconds * slicesPerSecond));
  for (let count = 0; count < slice; count += 1) sockets[pinged++ % sockets.length]?.ping();
}, 1_000 / slicesPerSecond);

serve({ open, heard, waitFor, cutAll });

/** Opens sockets beside those that are open. */
async function open(plan: OpenPlan): Promise<OpenReport> {
  const url = new URL(plan.url);
  const failures: Record<string, number> = {};
  let next = 0;
  let joined = 0;
  const started = performance.now();
  const openOneByOne = async (): Promise<void> => {
    for (let one = plan.sockets[next++]; one; one = plan.sockets[next++]) {
      const planned = one;
      await new Promise<void>((resolve) => {
        const localAddress = localAddresses[opened++ % Math.max(localAddresses.length, 1)];
        const onJoined = (): void => {
          joined += 1;
          resolve();
        };
        const onFailure = (reason: string): void => {
          failures[reason] = (failures[reason] ?? 0) + 1;
          resolve();
        };
        const { offerDeflate, neverRead } = plan;
        sockets.push(new CountingSocket(planned, { url, localAddress, offerDeflate, neverRead, onJoined, onFailure }));
      });
    }
  };
  await Promise.all(Array.from({ length: plan.atOnce }, openOneByOne));
  return { joined, tookSeconds: (performance.now() - started) / 1_000, failures };
}

/** Tells what was heard, and begins to count anew. */
function heard(): HeardReport {
  const report = {
    frames: framesHeard(),
    bytes: sockets.reduce((sum, { bytes }) => sum + bytes, 0),
    arrivals: sockets.map(({ lastAt }) => lastAt),
    open: sockets.filter(({ isOpen }) => isOpen).length,
  };
  for (const socket of sockets) socket.frames = socket.bytes = socket.lastAt = 0;
  return report;
}

/** Resolves once all sockets together heard so many frames, or after a limit. */
async function waitFor({ frames, limitMs }: { frames: number; limitMs: number }): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (framesHeard() < frames && performance.now() < giveUpAt) await new Promise((go) => setTimeout(go, 20));
}

function cutAll(): void {
  for (const socket of sockets) socket.cut();
  sockets = [];
}

function framesHeard(): number {
  return sockets.reduce((sum, { frames }) => sum + frames, 0);
}
