import { ReadModel } from '@headrace/read-model';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

const hourMs = 3_600_000;
/** A day more than the longest window that can be asked for. */
const keptMs = 31 * 24 * hourMs;

/** Removes statistics of endpoints that no window reaches any more, once an hour. */
@Injectable()
export class EndpointStatisticsKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('TimelineProjector');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly readModel: ReadModel) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forgetOld(), hourMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Several processes may do so at once; what one of them cannot remove now, the next hour does. */
  async forgetOld(now = new Date()): Promise<void> {
    try {
      await this.readModel.forgetEndpointSlots(new Date(now.getTime() - keptMs));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn(`Old statistics of endpoints could not be removed; it is tried again in an hour: ${reason}`);
    }
  }
}
