import type { ListenerSession } from '@headrace/contracts';

/** The listening sessions that a process was told of; those that are over are none. */
export class KnownListeners {
  readonly #projects = new Map<string, Map<string, ListenerSession>>();
  readonly #listeners = new Set<(session: ListenerSession) => void>();

  constructor(private readonly now: () => number = Date.now) {}

  of(project: string): ListenerSession[] {
    const sessions = this.#projects.get(project);
    // Nearly every project, nearly always.
    if (!sessions) return [];
    return [...sessions.values()].filter((session) => !this.#isOver(session));
  }

  find(project: string, id: string): ListenerSession | undefined {
    const session = this.#projects.get(project)?.get(id);
    return session && !this.#isOver(session) ? session : undefined;
  }

  /** Takes in what was told, unless something about a newer socket is known already. */
  note(session: ListenerSession): void {
    const sessions = this.#projects.get(session.project) ?? new Map<string, ListenerSession>();
    const known = sessions.get(session.session);
    if (known && known.since > session.since) return;
    sessions.set(session.session, session);
    this.#projects.set(session.project, sessions);
    for (const listener of this.#listeners) listener(session);
    this.#forgetOver(session.project, sessions);
  }

  onChange(listener: (session: ListenerSession) => void): { close(): void } {
    this.#listeners.add(listener);
    return { close: () => this.#listeners.delete(listener) };
  }

  /** Looked at only when something is told, so that nothing has to run while nobody listens. */
  #forgetOver(project: string, sessions: Map<string, ListenerSession>): void {
    for (const [id, session] of sessions) if (this.#isOver(session)) sessions.delete(id);
    if (sessions.size === 0) this.#projects.delete(project);
  }

  #isOver({ until }: ListenerSession): boolean {
    return Date.parse(until) <= this.now();
  }
}
