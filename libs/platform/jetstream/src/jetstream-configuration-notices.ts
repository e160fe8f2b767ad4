import { configurationChangedFilter, configurationChangedSubject } from '@headrace/contracts';
import type { ConfigurationNotices } from '@headrace/event-log';
import type { NatsConnection } from './connection/nats-connection.js';
import { messageOf, type Logger } from './logger.js';

/** Where a project id stands in the subject of a notice. */
const projectToken = 2;

/** Configuration notices on plain NATS: nothing is stored, and what is missed ages out of the caches. */
export class JetStreamConfigurationNotices implements ConfigurationNotices {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  announce(project: string): void {
    try {
      this.connection.client.publish(configurationChangedSubject(project));
    } catch (error) {
      this.logger.warn({ project, error: messageOf(error) }, 'Configuration change could not be announced');
    }
  }

  listen(onChange: (project: string) => void): { close(): void } {
    const subscription = this.connection.client.subscribe(configurationChangedFilter, {
      callback: (error, message) => {
        const project = error ? undefined : message.subject.split('.')[projectToken];
        if (project !== undefined) onChange(project);
      },
    });
    return { close: () => subscription.unsubscribe() };
  }
}
