import { createInbox, type Msg, type MsgHdrs, type NatsConnection as Client } from '@nats-io/nats-core';
import { statusOf } from '../messages/message-headers.js';

/** Nobody listens on the subject: what a server says with the status 503 and no body. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers';
}

/** No answer came in time, or the connection was lost before one could. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

interface Waiting {
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
  /** By `performance.now()`. */
  readonly deadline: number;
}

const noResponders = 503;
const sweepMs = 100;

/**
 * Requests and their answers over one inbox. The client's own makes a timer and an error with its stack for each
 * request, which under load is a tenth of the process's CPU time; this keeps one entry in a map.
 */
export class Requests {
  private readonly inbox = `${createInbox()}.`;
  private readonly waiting = new Map<string, Waiting>();
  private readonly sweep: NodeJS.Timeout;
  private count = 0;

  /** All requests have the same time limit, so that those made first also end first. */
  constructor(
    private readonly client: Client,
    private readonly timeoutMs: number,
  ) {
    client.subscribe(`${this.inbox}*`, { callback: (_error, answer) => this.answered(answer) });
    this.sweep = setInterval(() => this.giveUpLate(), sweepMs);
    this.sweep.unref();
  }

  /** Asks and waits for the one answer. Throws `NobodyAnswers` or `NoAnswer`. */
  ask(subject: string, payload: Uint8Array | string, headers?: MsgHdrs): Promise<Msg> {
    const id = (this.count++).toString(36);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, deadline: performance.now() + this.timeoutMs });
      try {
        this.client.publish(subject, payload, { reply: this.inbox + id, headers });
      } catch (error) {
        this.waiting.delete(id);
        reject(error instanceof Error ? error : new NoAnswer(String(error)));
      }
    });
  }

  /** Ends every wait: nobody can say whether the other side heard. */
  giveUp(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new NoAnswer(reason));
    this.waiting.clear();
  }

  close(): void {
    clearInterval(this.sweep);
    this.giveUp('The connection was closed.');
  }

  private answered(answer: Msg): void {
    const id = answer.subject.slice(this.inbox.length);
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    if (statusOf(answer) === noResponders) waiting.reject(new NobodyAnswers('Nobody answers.'));
    else waiting.resolve(answer);
  }

  private giveUpLate(): void {
    const now = performance.now();
    for (const [id, { deadline, reject }] of this.waiting) {
      if (deadline > now) return;
      this.waiting.delete(id);
      reject(new NoAnswer(`No answer came within ${this.timeoutMs} ms.`));
    }
  }
}
