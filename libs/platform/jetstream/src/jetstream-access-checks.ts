import { accessCheckFilter, accessCheckSubject, parseAccessCheckSubject } from '@headrace/contracts';
import type { AccessChecks, ChannelSubscription, ProjectAccess } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Of all processes that answer, one gets each question. */
const queue = 'access-checks';
const limitMs = 2_000;
const [holds, ended] = ['1', '0'];

/** Access checks as plain NATS requests. An empty answer says that it cannot be told. */
export class JetStreamAccessChecks implements AccessChecks {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  async stillHolds({ project, keyId }: ProjectAccess): Promise<boolean | undefined> {
    try {
      const subject = accessCheckSubject(project, keyId);
      const answer = (await this.connection.client.request(subject, '', { timeout: limitMs })).string();
      return answer === holds ? true : answer === ended ? false : undefined;
    } catch (error) {
      this.logger.warn({ project, error: messageOf(error) }, 'Nobody tells whether an access still holds');
      return undefined;
    }
  }

  answer(check: (access: ProjectAccess) => Promise<boolean>): ChannelSubscription {
    const subscription = this.connection.client.subscribe(accessCheckFilter, {
      queue,
      callback: (error, message) => {
        if (!error) void this.answerOne(message, check);
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  private async answerOne(message: Msg, check: (access: ProjectAccess) => Promise<boolean>): Promise<void> {
    const access = parseAccessCheckSubject(message.subject);
    if (!access) return;
    try {
      message.respond((await check(access)) ? holds : ended);
    } catch (error) {
      this.logger.warn({ project: access.project, error: messageOf(error) }, 'An access could not be checked');
      if (this.connection.isConnected) message.respond('');
    }
  }
}
