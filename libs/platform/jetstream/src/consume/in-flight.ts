import type { ConsumedMessage } from './consumed-message.js';

/** What is said of a message while it is here. */
export type HeldMessage = Pick<ConsumedMessage, 'seq' | 'working' | 'nak'>;

/**
 * Messages that this process has and has not settled. While they are here, their acknowledgement is not missed:
 * the server is told that work goes on, well within the time it waits.
 */
export class InFlight {
  /** By stream sequence. */
  private readonly messages = new Map<number, HeldMessage>();
  private readonly timer: NodeJS.Timeout;
  private onIdle: (() => void) | undefined;

  /** `ackWaitMs`: how long the server waits for an acknowledgement. */
  constructor(ackWaitMs: number) {
    this.timer = setInterval(() => this.tellAll((message) => message.working()), ackWaitMs / 2.5);
    this.timer.unref();
  }

  /**
   * Takes a message in. False when an earlier delivery of it is still here: after a lost connection the server may
   * send again what is being worked on, and the answer to the first delivery settles both.
   */
  add(message: HeldMessage): boolean {
    if (this.messages.has(message.seq)) return false;
    this.messages.set(message.seq, message);
    return true;
  }

  delete(message: HeldMessage): void {
    this.messages.delete(message.seq);
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
    this.tellAll((message) => message.nak());
    this.messages.clear();
  }

  private tellAll(say: (message: HeldMessage) => void): void {
    try {
      for (const message of this.messages.values()) say(message);
    } catch {
      // The connection is closed: the server hears nothing, and delivers again on its own.
    }
  }
}
