import type { EncodedFrame, FrameRef, Serializer, ServerPayload } from '@headrace/contracts';
import type { ChannelHandler } from './channel-handler.port.js';
import type { SharedFrame } from './shared-frame.js';

/** The socket as a subscription needs it. */
export interface SubscriptionOwner<Session> {
  readonly session: Session;
  readonly serializer: Serializer;
  /** Bytes that wait for the client to read. */
  readonly waitingBytes: number;
  send(frame: EncodedFrame): void;
  sendShared(frame: SharedFrame): void;
  /** Pushes `phx_close` and forgets the subscription. */
  end(subscription: Subscription<Session>): void;
}

/** One join of one topic by one socket. Pushes after its end go nowhere. */
export class Subscription<Session> {
  /** False once it has ended. */
  active = true;

  constructor(
    private readonly owner: SubscriptionOwner<Session>,
    readonly handler: ChannelHandler<Session>,
    readonly topic: string,
    /** As the client sent it: what later frames are compared with, and what `phx_close` carries. */
    readonly joinRef: FrameRef,
    /** The join_ref of replies and pushes: a join without one goes by its ref. */
    readonly replyRef: FrameRef,
  ) {}

  get session(): Session {
    return this.owner.session;
  }

  get serializer(): Serializer {
    return this.owner.serializer;
  }

  /** Bytes that wait for the client to read, of all its subscriptions. */
  get waitingBytes(): number {
    return this.owner.waitingBytes;
  }

  /** Sends an event to this subscription alone. */
  push(event: string, payload: ServerPayload): void {
    if (!this.active) return;
    const { topic, replyRef: joinRef } = this;
    this.owner.send(this.owner.serializer.encodePush({ joinRef, ref: null, topic, event, payload }));
  }

  /** Sends a frame that is already encoded with this socket's serializer. */
  send(frame: EncodedFrame): void {
    if (this.active) this.owner.send(frame);
  }

  /** Sends a frame that is made for this subscription and others like it. */
  sendShared(frame: SharedFrame): void {
    if (this.active) this.owner.sendShared(frame);
  }

  /** Ends the subscription with `phx_close`; the socket stays open. */
  close(): void {
    if (this.active) this.owner.end(this);
  }
}
