import { projectTopic } from '@headrace/contracts';
import type { ChannelHandler, EventOutcome, JoinOutcome } from '../phoenix/channel-handler.port.js';
import type { Subscription } from '../phoenix/subscription.js';
import { isExpired, type TokenSession } from '../response-channel/token-session.js';
import type { ProjectWatches } from './project-watches.js';

/** First part of every topic of a project. */
export const projectTopicPrefix = projectTopic('');

const refused: JoinOutcome = { status: 'error', response: { reason: 'unauthorized_project_access' } };

/** The topics on which dashboards are told all that happens to the requests of a project. */
export class ProjectChannel implements ChannelHandler<TokenSession> {
  constructor(private readonly watches: ProjectWatches) {}

  /** Only with a token of the project, in its time: a dashboard that comes back later asks for another one. */
  async join(subscription: Subscription<TokenSession>): Promise<JoinOutcome> {
    const { session, topic } = subscription;
    const own = session.grants === 'project' && topic.toLowerCase() === projectTopic(session.project).toLowerCase();
    if (!own || isExpired(session, new Date())) return refused;
    await this.watches.add(subscription);
    return { status: 'ok' };
  }

  joined(subscription: Subscription<TokenSession>): void {
    this.watches.begin(subscription);
  }

  handle(_subscription: Subscription<TokenSession>, event: string): EventOutcome {
    if (event === 'heartbeat') return { reply: { status: 'ok', response: {} } };
    return { reply: { status: 'error', response: { reason: 'unknown event' } } };
  }

  leave(subscription: Subscription<TokenSession>): void {
    this.watches.remove(subscription);
  }
}
