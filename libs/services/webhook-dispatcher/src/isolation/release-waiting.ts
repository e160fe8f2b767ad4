import { HeadraceSettings } from '@headrace/config';
import { deliveryRetryTimer } from '@headrace/contracts';
import { CONFIGURATION_NOTICES, TIMERS, type ConfigurationNotices, type Timers } from '@headrace/event-log';
import { ProjectStore, type WebhookEndpoint } from '@headrace/project-store';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EndpointGate } from './endpoint-gate.js';
import { WAITING_DELIVERIES, type WaitingDeliveries } from './waiting-deliveries.port.js';

/** What was due a shorter time ago is still under way, or comes back by itself as soon. */
const overdueMs = 60_000;
/** So many a second come back to an endpoint without a limit of its own. */
const releasedPerSecond = 100;
/** After a notice the configuration may take a moment to be read again. */
const secondLookMs = 2_000;

/**
 * Brings back what waits for an endpoint once it is resumed or its circuit closes: the timers of those deliveries,
 * which may be a quarter of an hour away, are set again, one after the other at the pace of the endpoint. Best effort:
 * without the database, each comes back when its own timer fires.
 */
@Injectable()
export class ReleaseWaiting implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('webhook-dispatcher');
  private readonly running = new Map<string, Promise<void>>();
  private subscription: { close(): void } | undefined;

  constructor(
    @Inject(CONFIGURATION_NOTICES) private readonly notices: ConfigurationNotices,
    @Inject(TIMERS) private readonly timers: Timers,
    @Inject(WAITING_DELIVERIES) private readonly waiting: WaitingDeliveries,
    private readonly projects: ProjectStore,
    private readonly gate: EndpointGate,
    private readonly headrace: HeadraceSettings,
  ) {}

  onModuleInit(): void {
    this.gate.listen((project, endpoint) => void this.release(project, endpoint));
    this.subscription = this.notices.listen((project) => {
      if (this.gate.pausedOf(project).length === 0) return;
      void this.look(project);
      setTimeout(() => void this.look(project), secondLookMs).unref();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.subscription?.close();
    await Promise.all(this.running.values());
  }

  /** Releases what waits for the endpoints of a project that are paused no longer. */
  async look(project: string): Promise<void> {
    try {
      const configuration = await this.projects.project(project);
      for (const id of this.gate.pausedOf(project)) {
        const endpoint = configuration?.endpoints.find((each) => each.id === id);
        if (!endpoint?.paused) this.gate.opened(project, id);
      }
    } catch (error) {
      this.warn('paused endpoints could not be looked at', { project_id: project }, error);
    }
  }

  /** Sets the timers of an endpoint's waiting deliveries again; resolves when all are set. */
  release(project: string, endpoint: string): Promise<void> {
    const running =
      this.running.get(endpoint) ?? this.setTimers(project, endpoint).finally(() => this.running.delete(endpoint));
    this.running.set(endpoint, running);
    return running;
  }

  private async setTimers(project: string, endpointId: string): Promise<void> {
    try {
      const configuration = await this.projects.project(project);
      const endpoint = configuration?.endpoints.find(({ id }) => id === endpointId);
      // Where order is kept only the first of each lane may be sent, and its own timer brings it.
      if (endpoint && endpoint.fifoKey !== null) return;
      const { timeScale } = this.headrace;
      const paceMs = paceOf(endpoint);
      const dueBefore = new Date(this.gate.now() - overdueMs / timeScale);
      let at = this.gate.now();
      let count = 0;
      await this.waiting.eachWaitingDelivery({ project, endpointId, dueBefore }, async (deliveries) => {
        count += deliveries.length;
        await Promise.all(
          deliveries.map(({ channel, id, attempt, revision }) => {
            at += paceMs;
            const data = { deliveryId: id, attempt, revision };
            return this.timers.schedule(deliveryRetryTimer, { project, channel, key: id }, new Date(at), data);
          }),
        );
      });
      if (count === 0) return;
      const until = new Date(at).toISOString();
      this.logger.log({
        msg: 'waiting deliveries released',
        project_id: project,
        endpoint_id: endpointId,
        count,
        until,
      });
    } catch (error) {
      this.warn('waiting deliveries could not be released', { project_id: project, endpoint_id: endpointId }, error);
    }
  }

  private warn(msg: string, about: object, error: unknown): void {
    this.logger.warn({ msg, ...about, reason: error instanceof Error ? error.message : String(error) });
  }
}

const paceOf = (endpoint: WebhookEndpoint | undefined): number =>
  1_000 / Math.min(endpoint?.rateLimitPerSecond ?? releasedPerSecond, releasedPerSecond);
