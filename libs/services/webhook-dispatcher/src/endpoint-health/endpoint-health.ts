import { HeadraceSettings } from '@headrace/config';
import type { DeliveryAttempt, deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from '@headrace/event-log';
import type { WebhookEndpoint } from '@headrace/project-store';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ENDPOINT_SWITCH, type EndpointSwitch } from '../attempt/endpoint-switch.port.js';
import { InTurn } from '../order/in-turn.js';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { failedForTooLong, tooLongReason } from './failed-for-too-long.js';
import { FailingRuns, type FailingRun } from './failing-runs.js';
import { SwitchOff } from './switch-off.js';

type Planned = RecordedOf<typeof deliveryPlanned>;

const hourMs = 3_600_000;

/**
 * Keeps an eye on endpoints from which nothing but failures comes, and switches off those that the limit is over for.
 * No attempt waits for `note`, and nothing is written while nothing changes. All of it is best effort: with the
 * database away an endpoint is noted, or switched off, some attempts later.
 */
@Injectable()
export class EndpointHealth {
  private readonly logger = new Logger('webhook-dispatcher');
  private readonly runs = new FailingRuns();
  /** Two notes of one endpoint must not overtake each other. */
  private readonly notes = new InTurn();
  private readonly limitMs: number;

  constructor(
    @Inject(ENDPOINT_SWITCH) private readonly endpoints: EndpointSwitch,
    private readonly switching: SwitchOff,
    headrace: HeadraceSettings,
    private readonly settings: WebhookDispatcherSettings,
  ) {
    this.limitMs = (settings.disableAfterHours * hourMs) / headrace.timeScale;
  }

  /** Notes what an attempt says of its endpoint, which is undefined for a request's own URL. */
  note(planned: Planned, endpoint: WebhookEndpoint | undefined, attempt: DeliveryAttempt): void {
    if (!endpoint) return;
    if (attempt.error === null) this.succeeded(planned, endpoint);
    else this.failed(planned, endpoint, attempt);
  }

  /** An endpoint answered that it wants nothing more, ever. Resolves when that is decided, or could not be. */
  async gone(planned: Planned, attempt: DeliveryAttempt, reason: string): Promise<void> {
    await this.tried('an endpoint that is gone could not be switched off', planned, () =>
      this.switching.decide({ planned, attempt, reason, failingSince: null }),
    );
  }

  private succeeded(planned: Planned, { id, failingSince }: WebhookEndpoint): void {
    if (!this.runs.end(id, failingSince)) return;
    void this.notes.run(id, async () => {
      const isNoted = await this.tried('a recovered endpoint could not be noted', planned, () =>
        this.endpoints.noteHealthy(planned.address.project, id),
      );
      if (!isNoted) this.runs.notHealed(id);
    });
  }

  private failed(planned: Planned, { id, failingSince }: WebhookEndpoint, attempt: DeliveryAttempt): void {
    const run = this.runs.failure(id, failingSince, attempt.startedAt);
    if (!run.isNoted) this.noteFailing(planned, id, run);
    if (run.isEnding || !failedForTooLong(run, attempt, this.limitMs)) return;
    void this.end(planned, run, attempt);
  }

  private noteFailing(planned: Planned, id: string, run: FailingRun): void {
    run.isNoted = true;
    void this.notes.run(id, async () => {
      run.isNoted = await this.tried('a failing endpoint could not be noted', planned, () =>
        this.endpoints.noteFailing(planned.address.project, id, new Date(run.since)),
      );
    });
  }

  private async end(planned: Planned, run: FailingRun, attempt: DeliveryAttempt): Promise<void> {
    run.isEnding = true;
    const reason = tooLongReason(this.settings.disableAfterHours, run.since, attempt);
    const isDecided = await this.tried('an endpoint that only fails could not be switched off', planned, () =>
      this.switching.decide({ planned, attempt, reason, failingSince: run.since }),
    );
    run.isEnding = false;
    if (isDecided) this.runs.forget(planned.data.endpointId);
  }

  private async tried(msg: string, { data }: Planned, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg, endpoint_id: data.endpointId, reason });
      return false;
    }
  }
}
