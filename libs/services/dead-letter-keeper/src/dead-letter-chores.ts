import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ExpiredDeadLetters } from './expiry/expired-dead-letters.js';
import { repeat, type Step } from './repeat.js';
import { ReplayRunner } from './replays/replay-runner.js';

/** Keeps replays and the expiry of dead letters going for as long as the process runs. */
@Injectable()
export class DeadLetterChores implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('dead-letter-keeper');
  private readonly stopping = new AbortController();
  private chores: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly replays: ReplayRunner,
    private readonly expired: ExpiredDeadLetters,
  ) {}

  onApplicationBootstrap(): void {
    this.chores = Promise.all([
      this.keepUp('replays', () => this.replays.step()),
      this.keepUp('the progress of replays', () => this.replays.settle()),
      this.keepUp('the expiry of dead letters', () => this.expired.forget()),
    ]);
  }

  /** Lets the steps under way finish, while there still are connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.chores;
  }

  private keepUp(what: string, step: Step): Promise<void> {
    return repeat(step, this.stopping.signal, (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: `${what}: a step failed and is tried again every second`, reason });
    });
  }
}
