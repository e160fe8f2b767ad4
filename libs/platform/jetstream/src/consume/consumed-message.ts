import type { Msg, MsgHdrs } from '@nats-io/nats-core';

/**
 * One delivery of a stored message to a consumer. The first of `ack`, `nak` and `term` settles it; what is said after
 * that is not sent.
 */
export class ConsumedMessage {
  /** Its place in its stream. */
  readonly seq: number;
  /** Number of this delivery, from 1. */
  readonly deliveryCount: number;
  readonly stream: string;
  private settled = false;

  constructor(
    /** As it came: whoever reads headers in one pass looks for its bytes here. */
    readonly msg: Msg,
  ) {
    // $JS.ACK.{domain}.{account}.{stream}.{consumer}.{delivery}.{sequence}.…; older servers leave out the first two.
    const tokens = msg.reply?.split('.') ?? [];
    const first = tokens.length === 9 ? 2 : 4;
    this.stream = tokens[first] ?? '';
    this.deliveryCount = Number(tokens[first + 2]);
    this.seq = Number(tokens[first + 3]);
  }

  get subject(): string {
    return this.msg.subject;
  }

  get data(): Uint8Array {
    return this.msg.data;
  }

  get headers(): MsgHdrs | undefined {
    return this.msg.headers;
  }

  /** Work goes on: the server is to wait for as long again. */
  working(): void {
    if (!this.settled) this.msg.respond('+WPI');
  }

  /** Done. */
  ack(): void {
    this.settle('+ACK');
  }

  /** To be delivered again, at once or after a while. */
  nak(delayMs?: number): void {
    this.settle(delayMs === undefined ? '-NAK' : `-NAK ${JSON.stringify({ delay: delayMs * 1_000_000 })}`);
  }

  /** Never to be delivered again. */
  term(reason: string): void {
    this.settle(`+TERM ${reason}`);
  }

  private settle(how: string): void {
    if (this.settled) return;
    this.settled = true;
    this.msg.respond(how);
  }
}
