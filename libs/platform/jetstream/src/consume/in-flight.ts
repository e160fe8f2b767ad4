import type { JsMsg } from '@nats-io/jetstream';

/**
 * Messages that this process has and has not settled. While they are here, their acknowledgement is not missed:
 * the server is told that work goes on, well within the time it waits.
 */
export class InFlight {
  private readonly messages = new Set<JsMsg>();
  private readonly timer: NodeJS.Timeout;
  private onIdle: (() => void) | undefined;

  /** `ackWaitMs`: how long the server waits for an acknowledgement. */
  constructor(ackWaitMs: number) {
    this.timer = setInterval(() => this.extend(), ackWaitMs / 2.5);
    this.timer.unref();
  }

  get size(): number {
    return this.messages.size;
  }

  add(message: JsMsg): void {
    this.messages.add(message);
  }

  delete(message: JsMsg): void {
    this.messages.delete(message);
    if (this.messages.size === 0) this.onIdle?.();
  }

  /** Resolves when nothing is in flight, or after `limitMs`. */
  async idle(limitMs: number): Promise<void> {
    if (this.messages.size === 0) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, limitMs);
      this.onIdle = () => {
        clearTimeout(limit);
        resolve();
      };
    });
  }

  /** Gives everything back, so that other processes take over at once. */
  giveBack(): void {
    clearInterval(this.timer);
    for (const message of this.messages) message.nak();
    this.messages.clear();
  }

  private extend(): void {
    for (const message of this.messages) message.working();
  }
}
