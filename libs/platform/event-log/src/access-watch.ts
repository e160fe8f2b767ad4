import type { AccessChecks, ProjectAccess } from './access-checks.port.js';
import type { ConfigurationNotices } from './configuration-notices.port.js';

/** What watching access needs. */
export interface AccessWatchParts<Member> {
  readonly checks: Pick<AccessChecks, 'stillHolds'>;
  readonly notices: Pick<ConfigurationNotices, 'listen'>;
  /** How often it is asked without a notice: keys expire, and notices get lost. Milliseconds. */
  readonly everyMs: number;
  /** Told of each member whose access has ended; it is to be removed. */
  readonly onEnd: (member: Member) => void;
}

interface Held<Member> {
  readonly access: ProjectAccess;
  readonly members: Set<Member>;
  isAsking: boolean;
  /** Something changed while it was asked. */
  askAgain: boolean;
}

const keyOf = ({ project, keyId }: ProjectAccess): string => `${project} ${keyId ?? ''}`;

/**
 * Those whom a key or the administrator let in, as long as that holds: asked at every change of their project and at
 * intervals, once for all that came by the same. While nobody can tell, they stay.
 */
export class AccessWatch<Member> {
  readonly #held = new Map<string, Held<Member>>();
  readonly #notices: { close(): void };
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: AccessWatchParts<Member>) {
    this.#notices = parts.notices.listen((project) => {
      for (const held of this.#held.values()) if (held.access.project === project) void this.#ask(held);
    });
  }

  /** How many are watched. */
  get size(): number {
    return [...this.#held.values()].reduce((sum, { members }) => sum + members.size, 0);
  }

  add(access: ProjectAccess, member: Member): void {
    const key = keyOf(access);
    const held = this.#held.get(key) ?? { access, members: new Set<Member>(), isAsking: false, askAgain: false };
    this.#held.set(key, held);
    held.members.add(member);
    this.#timer ??= setInterval(() => void this.#askAll(), this.parts.everyMs).unref();
  }

  remove(access: ProjectAccess, member: Member): void {
    const key = keyOf(access);
    const held = this.#held.get(key);
    if (!held?.members.delete(member) || held.members.size > 0) return;
    this.#held.delete(key);
    if (this.#held.size === 0) this.#stop();
  }

  close(): void {
    this.#notices.close();
    this.#stop();
    this.#held.clear();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One by one, so that many are no burst; when nobody can tell, the others need not be asked either. */
  async #askAll(): Promise<void> {
    for (const held of [...this.#held.values()]) if ((await this.#ask(held)) === undefined) return;
  }

  async #ask(held: Held<Member>): Promise<boolean | undefined> {
    held.askAgain = held.isAsking;
    if (held.isAsking) return true;
    held.isAsking = true;
    let holds: boolean | undefined;
    do {
      held.askAgain = false;
      holds = await this.parts.checks.stillHolds(held.access);
    } while (held.askAgain);
    held.isAsking = false;
    if (holds === false) for (const member of [...held.members]) this.parts.onEnd(member);
    return holds;
  }
}
