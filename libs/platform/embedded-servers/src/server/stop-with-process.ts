/** What ends with this process. */
interface Stoppable {
  stop(): Promise<void>;
}

const running = new Map<Stoppable, () => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let watching = false;

/**
 * Ties a server to this process: it is told to stop when the process exits or is told to end. Where the
 * application listens to the signal itself, it is left to the application, which stops its servers last.
 * Returns the function that unties it.
 */
export function stopWithThisProcess(server: Stoppable, stopNow: () => void): () => void {
  running.set(server, stopNow);
  watch();
  return () => {
    running.delete(server);
    if (running.size === 0) unwatch();
  };
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', stopAllNow);
  // In front, where listeners that the application added with `once` still count.
  for (const signal of signals) process.prependListener(signal, onSignal);
}

function unwatch(): void {
  watching = false;
  process.off('exit', stopAllNow);
  for (const signal of signals) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  void Promise.allSettled([...running.keys()].map((server) => server.stop())).then(() => {
    unwatch();
    // With our listener gone, the signal does what it does by default, and the caller sees the right cause of death.
    process.kill(process.pid, signal);
  });
}

/** Nothing can be awaited while a process exits: the servers are told, and tidy up by themselves. */
function stopAllNow(): void {
  for (const stopNow of running.values()) stopNow();
}
