import type { ListenerSession, TunnelDelivery, TunnelOutcome } from '@headrace/contracts';

/** Ends what it was given for. */
export interface ListenerSubscription {
  close(): void;
}

/** How one attempt is asked for. */
export interface TunnelAsk {
  /** How long to wait for the outcome in all, in milliseconds. */
  readonly limitMs: number;
  /** Rejects with its reason when this process stops. */
  readonly signal: AbortSignal;
}

/**
 * Listening sessions over all processes, and the way to the one that holds a session's socket.
 * What is known of sessions is in memory: looking at it costs no question to anybody.
 */
export interface ListenerTunnel {
  /** Resolves when all sessions are known; from then on changes arrive by themselves. */
  ready(): Promise<void>;
  /** The sessions of a project that are not over, also those that have no socket at the moment. */
  sessionsOf(project: string): ListenerSession[];
  /** A session that is not over. */
  find(project: string, session: string): ListenerSession | undefined;
  /** Tells every process of a session; resolves when that is stored. */
  announce(session: ListenerSession): Promise<void>;
  /** Calls back with every session that is told of. */
  onChange(listener: (session: ListenerSession) => void): ListenerSubscription;
  /** Has the process that holds a session's socket make one attempt; `away` when there is none or it was lost. */
  ask(session: ListenerSession, delivery: TunnelDelivery, ask: TunnelAsk): Promise<TunnelOutcome>;
  /** Takes deliveries for one socket. Call it before the session is announced, so that none comes too early. */
  serve(
    session: string,
    connection: string,
    deliver: (delivery: TunnelDelivery) => Promise<TunnelOutcome>,
  ): ListenerSubscription;
}

/** Injection token of the process's listener tunnel. */
export const LISTENER_TUNNEL = Symbol('ListenerTunnel');
