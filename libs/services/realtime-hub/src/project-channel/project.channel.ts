import { projectTopic } from '@headrace/contracts';
import type { AccessChecks, AccessWatch, ProjectAccess } from '@headrace/event-log';
import type { ChannelHandler, EventOutcome, JoinOutcome } from '../phoenix/channel-handler.port.js';
import type { Subscription } from '../phoenix/subscription.js';
import { isExpired, type TokenSession } from '../response-channel/token-session.js';
import { JoinChecks } from './join-checks.js';
import type { ProjectWatches } from './project-watches.js';

/** First part of every topic of a project. */
export const projectTopicPrefix = projectTopic('');

const refused: JoinOutcome = { status: 'error', response: { reason: 'unauthorized_project_access' } };
/** Clients try again by themselves. */
const unknown: JoinOutcome = { status: 'error', response: { reason: 'join crashed' } };

/** What let a dashboard in: the key that its token was made with, or the administrator. */
const accessOf = ({ project, keyId = null }: TokenSession): ProjectAccess => ({ project, keyId });

/** The topics on which dashboards are told all that happens to the requests of a project. */
export class ProjectChannel implements ChannelHandler<TokenSession> {
  readonly #checks: JoinChecks;

  /** `access` watches what let dashboards in and closes their subscriptions when that ends. */
  constructor(
    private readonly watches: ProjectWatches,
    checks: Pick<AccessChecks, 'stillHolds'>,
    private readonly access: AccessWatch<Subscription<TokenSession>>,
  ) {
    this.#checks = new JoinChecks(checks);
  }

  /**
   * Only with a token of the project, in its time and that of the key that it was made with: a dashboard that comes back
   * later asks for another one.
   */
  async join(subscription: Subscription<TokenSession>): Promise<JoinOutcome> {
    const { session, topic } = subscription;
    const own = session.grants === 'project' && topic.toLowerCase() === projectTopic(session.project).toLowerCase();
    if (!own || isExpired(session, new Date())) return refused;
    const [holds] = await Promise.all([this.#checks.stillHolds(accessOf(session)), this.watches.add(subscription)]);
    if (holds === true) return { status: 'ok' };
    this.watches.remove(subscription);
    return holds === false ? refused : unknown;
  }

  joined(subscription: Subscription<TokenSession>): void {
    this.access.add(accessOf(subscription.session), subscription);
    this.watches.begin(subscription);
  }

  handle(_subscription: Subscription<TokenSession>, event: string): EventOutcome {
    if (event === 'heartbeat') return { reply: { status: 'ok', response: {} } };
    return { reply: { status: 'error', response: { reason: 'unknown event' } } };
  }

  leave(subscription: Subscription<TokenSession>): void {
    this.access.remove(accessOf(subscription.session), subscription);
    this.watches.remove(subscription);
  }
}
