import type { NatsConnection } from '../connection/nats-connection.js';

/** Waits for a connection that is away; whether it came back within the time, before the wait was given up. */
export async function whenConnected(
  connection: Pick<NatsConnection, 'isConnected' | 'onReconnect'>,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  if (connection.isConnected) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = (): void => resolve(false);
  const limit = setTimeout(giveUp, limitMs).unref();
  signal.addEventListener('abort', giveUp, { once: true });
  const listening = connection.onReconnect(() => resolve(true));
  const isBack = await promise;
  clearTimeout(limit);
  signal.removeEventListener('abort', giveUp);
  listening.close();
  return isBack;
}
