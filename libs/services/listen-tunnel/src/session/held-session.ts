import { randomBytes } from 'node:crypto';
import type { HelloFrame, ListenerSession } from '@headrace/contracts';
import type { ListenerSubscription, ListenerTunnel } from '@headrace/event-log';
import { webhookFrame } from '../socket/webhook-frame.js';
import type { TunnelSocket } from '../socket/tunnel-socket.js';

/** What a session is begun with. */
export interface SessionTerms {
  readonly project: string;
  readonly hello: HelloFrame;
  /** The session to go on with; undefined: a new one. */
  readonly resumed: ListenerSession | undefined;
  readonly secret: string;
  readonly graceMs: number;
  /** How often `refresh` is called. */
  readonly refreshMs: number;
}

/** Refreshes that may be missing, as when this process is killed, before the grace period begins. */
const missedRefreshes = 3;

const randomToken = (): string => randomBytes(16).toString('base64url');

/**
 * A listening session whose socket this process holds: tells every process of it as long as it lasts, and passes
 * deliveries to the socket. Its secret is known here and to the client only.
 */
export class HeldSession {
  readonly id: string;
  readonly #connection = randomToken();
  readonly #since: string;
  readonly #subscriptions: ListenerSubscription[] = [];
  /** What is told last is told after what was told before it. */
  #telling: Promise<void> = Promise.resolve();
  #left = false;
  #ended = false;

  constructor(
    private readonly tunnel: ListenerTunnel,
    private readonly socket: TunnelSocket,
    private readonly terms: SessionTerms,
  ) {
    this.id = terms.resumed?.session ?? `lsn_${randomToken()}`;
    this.#since = laterThan(terms.resumed?.since);
  }

  /** Makes the session known; deliveries come from now on. `onReplaced`: its client has another socket. */
  async begin(welcome: () => void, onReplaced: () => void): Promise<void> {
    const { promise: welcomed, resolve } = Promise.withResolvers<void>();
    const serving = this.tunnel.serve(this.id, this.#connection, async (delivery) => {
      await welcomed;
      return this.socket.deliver(webhookFrame(delivery, this.id, this.terms.secret, new Date()));
    });
    const changes = this.tunnel.onChange((told) => {
      if (told.session === this.id && told.connection !== this.#connection && told.since > this.#since) onReplaced();
    });
    this.#subscriptions.push(serving, changes);
    await this.refresh();
    welcome();
    resolve();
  }

  /** Says that the session goes on. */
  refresh(): Promise<void> {
    const { graceMs, refreshMs } = this.terms;
    return this.#tell(() => this.#left, this.#connection, this.#since, graceMs + missedRefreshes * refreshMs);
  }

  /** The socket is gone; the client may come back within the grace period. */
  async leave(): Promise<void> {
    this.#close();
    const isAnothers = () => this.tunnel.find(this.terms.project, this.id)?.connection !== this.#connection;
    await this.#tell(() => this.#ended || isAnothers(), null, laterThan(this.#since), this.terms.graceMs);
  }

  /** The session is over for good. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#close();
    await this.#tell(() => false, null, laterThan(this.#since), 0);
  }

  #close(): void {
    this.#left = true;
    for (const subscription of this.#subscriptions.splice(0)) subscription.close();
  }

  #tell(isOutdated: () => boolean, connection: string | null, since: string, forMs: number): Promise<void> {
    const { project, hello } = this.terms;
    const tell = async () => {
      if (isOutdated()) return;
      await this.tunnel.announce({
        project,
        session: this.id,
        connection,
        since,
        until: new Date(Date.now() + forMs).toISOString(),
        webhookTypes: hello.events ?? null,
        workflows: hello.workflows ?? null,
      });
    };
    const told = this.#telling.then(tell);
    this.#telling = told.catch(() => undefined);
    return told;
  }
}

/** Now, or just after `since` where the clocks of two processes disagree. */
function laterThan(since: string | undefined): string {
  return new Date(Math.max(Date.now(), since === undefined ? 0 : Date.parse(since) + 1)).toISOString();
}
