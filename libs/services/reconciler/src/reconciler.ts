import { LOG_INSPECTION, type LogBeginning, type LogInspection } from '@headrace/event-log';
import { OpenWork } from '@headrace/read-model';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ReconcilerSettings } from './reconciler.config.js';
import { Reconciliation, type Reconciled } from './reconciliation.js';

/** A log younger than this may have taken the place of one that was lost while no process of ours ran. */
const youngMs = 24 * 3_600_000;

/**
 * Runs the comparison: at the start, whenever the log was away, and every so often; in one process at a time.
 * While the log or the database is away there is nothing to compare, and the next time comes.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('reconciler');
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private listening: { close(): void } | undefined;
  /** The log that was looked at in full. */
  private known: LogBeginning | undefined;

  constructor(
    @Inject(LOG_INSPECTION) private readonly inspection: LogInspection,
    private readonly openWork: OpenWork,
    private readonly reconciliation: Reconciliation,
    private readonly settings: ReconcilerSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.listening = this.inspection.onReturn(() => void this.run());
    this.timer = setInterval(() => void this.run(), this.settings.intervalMs);
    this.timer.unref();
    void this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.listening?.close();
    this.ending.abort();
    await this.running;
  }

  /** Compares once; a call during a comparison has it repeated, because its answer may be old already. */
  run(): Promise<void> {
    this.again = this.running !== undefined;
    this.running ??= this.untilCurrent().finally(() => (this.running = undefined));
    return this.running;
  }

  private async untilCurrent(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.openWork.alone(() => this.compare());
      } catch (error) {
        if (this.ending.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn({ msg: 'The log could not be compared with the read model; it is tried again', reason });
      }
    } while (this.again && !this.ending.signal.aborted);
  }

  private async compare(): Promise<void> {
    const { signal } = this.ending;
    const done: Reconciled = {
      ...{ requestsRestored: 0, requestsFailed: 0, deliveriesRestored: 0, deliveriesFailed: 0 },
      ...{ timersSet: 0, deadLettersRestored: 0 },
    };
    const started = Date.now();
    const beginning = await this.inspection.beginning();
    try {
      await this.reconciliation.lostLog(beginning, done, signal);
      if (this.isNew(beginning)) await this.reconciliation.endedInLostLog(beginning, done, signal);
      await this.reconciliation.openRequests(done, signal);
      await this.reconciliation.overdueDeliveries(done, signal);
      if (!signal.aborted) this.known = beginning;
    } finally {
      if (Object.values(done).some((count) => count > 0)) {
        this.logger.warn({ msg: 'The log had lost something', ...done, duration_ms: Date.now() - started });
      }
    }
  }

  private isNew({ sequence, at }: LogBeginning): boolean {
    return this.known === undefined ? Date.now() - at.getTime() < youngMs : this.known.sequence !== sequence;
  }
}
