import { randomUUID } from 'node:crypto';
import { parseViewersAskSubject, viewersAskFilter, viewersAskSubject, viewersToldSubject } from '@headrace/contracts';
import type { ChannelSubscription, ChannelViewers, Viewers } from '@headrace/event-log';
import type { NatsConnection } from '../connection/nats-connection.js';
import { messageOf, type Logger } from '../logger.js';
import type { ViewerReport } from './viewer-report.js';
import { ViewerReporter } from './viewer-reporter.js';
import { ViewerTotals } from './viewer-totals.js';

/** How often it is asked again, and how long an answer counts, in milliseconds. */
export interface ViewerTimes {
  readonly reportMs: number;
  readonly askMs: number;
}

const defaultTimes: ViewerTimes = { reportMs: 1_000, askMs: 5_000 };
/** Who has not asked or told for so many turns has ended. */
const turns = 3;

/**
 * Numbers of viewers on plain NATS. Who wants to know asks, again and again; each process then tells all of its numbers
 * at each question, which makes good what got lost, and what changes in between.
 */
export class JetStreamViewers implements Viewers {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
    private readonly times = defaultTimes,
  ) {}

  report(counts: () => Iterable<ChannelViewers>): ChannelSubscription {
    const { reportMs, askMs } = this.times;
    const reporter = new ViewerReporter(randomUUID(), counts, (project, report) =>
      this.publish(viewersToldSubject(project), JSON.stringify(report)),
    );
    let timer: NodeJS.Timeout | undefined;
    const tick = (): void => {
      reporter.report(performance.now());
      timer = reporter.isAsked ? setTimeout(tick, reportMs).unref() : undefined;
    };
    const subscription = this.connection.client.subscribe(viewersAskFilter, {
      callback: (error, message) => {
        const project = error ? undefined : parseViewersAskSubject(message.subject);
        if (project === undefined) return;
        reporter.ask(project, performance.now() + turns * askMs);
        timer ??= setTimeout(tick, reportMs).unref();
      },
    });
    return {
      close: () => {
        clearTimeout(timer);
        subscription.unsubscribe();
        reporter.close();
      },
    };
  }

  watch(project: string, onChange: (channel: string, viewers: number) => void): ChannelSubscription {
    const { askMs } = this.times;
    const totals = new ViewerTotals(onChange);
    const subscription = this.connection.client.subscribe(viewersToldSubject(project), {
      callback: (error, message) => {
        try {
          if (error) throw error;
          totals.take(message.json<ViewerReport>(), performance.now());
        } catch (failure) {
          this.logger.warn({ project, error: messageOf(failure) }, 'Numbers of viewers could not be passed on');
        }
      },
    });
    const ask = (): void => {
      totals.forgetSilent(performance.now() - turns * askMs);
      this.publish(viewersAskSubject(project), '');
    };
    ask();
    const timer = setInterval(ask, askMs).unref();
    return {
      close: () => {
        clearInterval(timer);
        subscription.unsubscribe();
      },
    };
  }

  private publish(subject: string, text: string): void {
    try {
      this.connection.client.publish(subject, text);
    } catch (error) {
      this.logger.warn({ error: messageOf(error) }, 'Numbers of viewers could not be told');
    }
  }
}
