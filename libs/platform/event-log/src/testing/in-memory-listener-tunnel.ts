import type { ListenerSession, TunnelDelivery, TunnelOutcome } from '@headrace/contracts';
import type { ListenerSubscription, ListenerTunnel, TunnelAsk } from '../listener-tunnel.port.js';

type Deliver = (delivery: TunnelDelivery) => Promise<TunnelOutcome>;

/** Listening sessions of one process, for unit tests. No session is over before it is told to be. */
export class InMemoryListenerTunnel implements ListenerTunnel {
  private readonly sessions = new Map<string, ListenerSession>();
  private readonly serving = new Map<string, Deliver>();
  private readonly listeners = new Set<(session: ListenerSession) => void>();

  ready(): Promise<void> {
    return Promise.resolve();
  }

  sessionsOf(project: string): ListenerSession[] {
    return [...this.sessions.values()].filter((session) => session.project === project);
  }

  find(project: string, id: string): ListenerSession | undefined {
    return this.sessionsOf(project).find(({ session }) => session === id);
  }

  async announce(session: ListenerSession): Promise<void> {
    const isOver = Date.parse(session.until) <= Date.now();
    if (isOver) this.sessions.delete(session.session);
    else this.sessions.set(session.session, session);
    for (const listener of this.listeners) listener(session);
  }

  onChange(listener: (session: ListenerSession) => void): ListenerSubscription {
    this.listeners.add(listener);
    return { close: () => this.listeners.delete(listener) };
  }

  async ask(
    { session, connection }: ListenerSession,
    delivery: TunnelDelivery,
    ask: TunnelAsk,
  ): Promise<TunnelOutcome> {
    ask.signal.throwIfAborted();
    return (await this.serving.get(`${session} ${connection}`)?.(delivery)) ?? { kind: 'away' };
  }

  serve(session: string, connection: string, deliver: Deliver): ListenerSubscription {
    const key = `${session} ${connection}`;
    this.serving.set(key, deliver);
    return { close: () => this.serving.delete(key) };
  }
}
