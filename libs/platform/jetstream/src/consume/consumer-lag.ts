import type { ConsumerDefinition } from '@headrace/contracts';
import { metrics } from '@headrace/telemetry';
import type { NatsConnection } from '../connection/nats-connection.js';

const pollMs = 12_000;

interface ConsumerState {
  readonly num_pending: number;
  readonly num_ack_pending: number;
  readonly num_redelivered: number;
}

/**
 * Asks the server how far durable consumers are behind, one after the other, and reports it. A scrape asks nothing:
 * however many scrapers there are, it stays at one request for each consumer in twelve seconds.
 */
export class ConsumerLag {
  private readonly states = new Map<string, ConsumerState>();
  private stopReporting: readonly (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private polling = false;

  constructor(
    private readonly connection: Pick<NatsConnection, 'request'>,
    private readonly consumers: readonly ConsumerDefinition[],
  ) {}

  start(): void {
    this.stopReporting = [
      metrics.consumerPending.report(() => this.read(({ num_pending }) => num_pending)),
      metrics.consumerAckPending.report(() => this.read(({ num_ack_pending }) => num_ack_pending)),
      metrics.consumerRedelivered.report(() => this.read(({ num_redelivered }) => num_redelivered)),
    ];
    this.timer = setInterval(() => void this.poll(), pollMs);
    this.timer.unref();
    void this.poll();
  }

  stop(): void {
    clearInterval(this.timer);
    for (const stop of this.stopReporting) stop();
  }

  /** One round; never throws. A consumer that cannot be asked reports nothing rather than what was once true. */
  async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    for (const { name, stream } of this.consumers) {
      const state = await this.ask(stream.name, name);
      if (state) this.states.set(name, state);
      else this.states.delete(name);
    }
    this.polling = false;
  }

  private async ask(stream: string, consumer: string): Promise<ConsumerState | undefined> {
    try {
      const answer = await this.connection.request(`$JS.API.CONSUMER.INFO.${stream}.${consumer}`, '');
      const info = answer.json<ConsumerState & { readonly error?: unknown }>();
      return info.error === undefined ? info : undefined;
    } catch {
      // NATS is away, which is told elsewhere.
      return undefined;
    }
  }

  private *read(value: (state: ConsumerState) => number): Iterable<readonly [readonly string[], number]> {
    for (const [consumer, state] of this.states) yield [[consumer], value(state)];
  }
}
