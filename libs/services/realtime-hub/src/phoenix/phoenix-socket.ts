import {
  FrameError,
  phoenixEvents,
  phoenixTopic,
  type ClientFrame,
  type EncodedFrame,
  type FrameRef,
  type Serializer,
  type ServerPayload,
} from '@headrace/contracts';
import type { Share } from '@headrace/http';
import { WebSocket } from 'ws';
import type { JoinOutcome } from './channel-handler.port.js';
import type { ConnectionOwner, PhoenixConnection } from './phoenix-connection.js';
import type { SharedFrame } from './shared-frame.js';
import type { Client, SocketHost } from './socket-host.js';
import { Subscription, type SubscriptionOwner } from './subscription.js';

/** WebSocket close codes that the server uses (RFC 6455 and the IANA registry). */
export const closeCodes = { goingAway: 1001, idle: 1002, flood: 1008, badFrame: 1011, restart: 1012 } as const;

const floodWindowMs = 10_000;

/**
 * One client connection: its frames in, its subscriptions by topic.
 *
 * The rules are Phoenix's own (lib/phoenix/socket.ex), checked against a recorded transcript of its server.
 * Thousands of these sit idle, so what they do not need yet they do not have.
 */
export class PhoenixSocket<Session> implements SubscriptionOwner<Session>, ConnectionOwner {
  /** The host's tick at which the client was last heard. */
  #lastHeard: number;
  /** Bytes of the large frame that was the last to find next to nothing waiting. */
  #onItsWay = 0;
  /** Frames within the current ten seconds, counted from the epoch. */
  #frames = 0;
  #framesSince = 0;
  readonly serializer: Serializer;
  readonly session: Session;
  readonly shares: readonly Share[];
  #subscriptions: Map<string, Subscription<Session>> | undefined;
  /** Frames that came while a join is being decided; undefined when none is. */
  #waiting: ClientFrame[] | undefined;

  constructor(
    private readonly host: SocketHost<Session>,
    private readonly socket: PhoenixConnection,
    { serializer, session, shares }: Client<Session>,
  ) {
    this.serializer = serializer;
    this.session = session;
    this.shares = shares;
    this.#lastHeard = host.tick;
  }

  heard(): void {
    this.#lastHeard = this.host.tick;
  }

  pinged(): void {
    this.heard();
    if (this.#floods()) this.close(closeCodes.flood, 'too many frames');
  }

  /** Whether nothing was heard of the client since before a tick of the host. */
  silentSince(tick: number): boolean {
    return this.#lastHeard < tick;
  }

  /** Takes one WebSocket message. */
  receive(data: EncodedFrame): void {
    this.heard();
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.#floods()) return this.close(closeCodes.flood, 'too many frames');
    let frame: ClientFrame;
    try {
      frame = this.serializer.decode(data);
    } catch (error) {
      if (!(error instanceof FrameError)) this.host.options.onFault('decode', error);
      this.close(closeCodes.badFrame);
      return;
    }
    if (this.#waiting) this.#waiting.push(frame);
    else this.#dispatch(frame);
  }

  get waitingBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(frame: EncodedFrame): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.#isTooFarBehind(frame)) this.socket.terminate();
    else this.socket.send(frame);
  }

  sendShared(shared: SharedFrame): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.#isTooFarBehind(shared.frame)) this.socket.terminate();
    else this.socket.sendShared(shared);
  }

  /** Starts the closing handshake; subscriptions end when the connection does. */
  close(code: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  /** Cuts the connection. */
  terminate(): void {
    this.socket.terminate();
  }

  /** The connection is gone: ends every subscription. */
  closed(): void {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = undefined;
    this.#waiting = undefined;
    this.host.forget(this);
    for (const subscription of subscriptions?.values() ?? []) this.#release(subscription);
  }

  end(subscription: Subscription<Session>): void {
    this.#drop(subscription);
    this.#pushClose(subscription);
  }

  /**
   * Whether a frame is one too many for a reader that does not read. To one that keeps up, a frame of any size goes, and
   * what follows while it is on its way: a large result, cut off again and again, would never arrive.
   */
  #isTooFarBehind(frame: EncodedFrame): boolean {
    const { bufferedAmount } = this.socket;
    const { maxBufferedBytes: most } = this.host.options.limits;
    if (bufferedAmount <= most / 4) {
      this.#onItsWay = frame.length > most / 4 ? Buffer.byteLength(frame) : 0;
      return false;
    }
    const waiting = bufferedAmount - this.#onItsWay;
    return waiting > most || waiting + Buffer.byteLength(frame) > 2 * most;
  }

  /** Counts a frame; whether it is one too many. */
  #floods(): boolean {
    const { maxFramesPerTenSeconds: most } = this.host.options.limits;
    if (most === 0) return false;
    const window = Math.floor(Date.now() / floodWindowMs);
    if (window !== this.#framesSince) this.#frames = 0;
    this.#framesSince = window;
    this.#frames += 1;
    return this.#frames > most;
  }

  #dispatch(frame: ClientFrame): void {
    if (frame.topic === phoenixTopic) {
      if (frame.event === phoenixEvents.heartbeat) this.#reply(frame, null, 'ok', {});
      else this.#unmatched(frame);
    } else if (frame.event === phoenixEvents.join) this.#join(frame);
    else if (frame.event === phoenixEvents.leave) this.#leave(frame);
    else this.#handle(frame);
  }

  #join(frame: ClientFrame): void {
    // A second join of a topic replaces the first, whose end is told after the answer to the second.
    const replaced = this.#subscriptions?.get(frame.topic);
    if (replaced) this.#drop(replaced);
    const handler = this.host.options.channelFor(frame.topic);
    if (!handler) {
      this.#unmatched(frame);
      if (replaced) this.#pushClose(replaced);
      return;
    }
    const subscription = new Subscription(this, handler, frame.topic, frame.joinRef, frame.joinRef ?? frame.ref);
    const outcome = this.#askToJoin(subscription, frame);
    if (!(outcome instanceof Promise)) return this.#joined(subscription, frame, outcome, replaced);
    this.#hold();
    void outcome
      .catch((error: unknown) => this.#joinCrashed(error))
      .then((settled) => {
        this.#joined(subscription, frame, settled, replaced);
        this.#resume();
      });
  }

  #askToJoin(subscription: Subscription<Session>, frame: ClientFrame): JoinOutcome | Promise<JoinOutcome> {
    if ((this.#subscriptions?.size ?? 0) >= this.host.options.limits.maxChannels) {
      return { status: 'error', response: { reason: 'too many channels joined' } };
    }
    const reason = this.host.refusalOfJoin(this.shares);
    if (reason !== undefined) return { status: 'error', response: { reason } };
    try {
      return subscription.handler.join(subscription, frame.payload);
    } catch (error) {
      return this.#joinCrashed(error);
    }
  }

  #joinCrashed(error: unknown): JoinOutcome {
    this.host.options.onFault('join', error);
    return { status: 'error', response: { reason: 'join crashed' } };
  }

  #joined(
    subscription: Subscription<Session>,
    frame: ClientFrame,
    outcome: JoinOutcome,
    replaced: Subscription<Session> | undefined,
  ): void {
    const joined = outcome.status === 'ok';
    if (joined && this.socket.readyState !== WebSocket.OPEN) return this.#release(subscription);
    if (joined) (this.#subscriptions ??= new Map()).set(subscription.topic, subscription);
    else subscription.active = false;
    this.#guard(subscription, () => {
      this.#reply(frame, frame.joinRef, outcome.status, outcome.response ?? {});
      if (replaced) this.#pushClose(replaced);
      if (joined) subscription.handler.joined?.(subscription);
    });
  }

  #leave(frame: ClientFrame): void {
    const subscription = this.#subscriptions?.get(frame.topic);
    if (!subscription) return this.#reply(frame, frame.joinRef, 'ok', {});
    const { joinRef } = subscription;
    if (joinRef === null || frame.joinRef === null || joinRef === frame.joinRef) {
      this.#reply(frame, subscription.replyRef, 'ok', {});
      this.end(subscription);
    } else if (this.host.options.acknowledgeStaleLeave) this.#reply(frame, frame.joinRef, 'ok', {});
  }

  #handle(frame: ClientFrame): void {
    const subscription = this.#subscriptions?.get(frame.topic);
    if (!subscription) return this.#unmatched(frame);
    if (frame.joinRef !== null && frame.joinRef !== subscription.joinRef) return;
    this.#guard(subscription, () => {
      const { reply, stop } = subscription.handler.handle(subscription, frame.event, frame.payload);
      if (reply) this.#reply(frame, subscription.replyRef, reply.status, reply.response);
      if (stop) subscription.close();
    });
  }

  /** Runs a handler; a throw ends its subscription with `phx_error`, and nothing else. */
  #guard(subscription: Subscription<Session>, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.host.options.onFault('channel', error);
      if (!subscription.active) return;
      this.#drop(subscription);
      this.#pushEnd(subscription, phoenixEvents.error, { reason: 'channel_crash' });
    }
  }

  #drop(subscription: Subscription<Session>): void {
    this.#subscriptions?.delete(subscription.topic);
    if (this.#subscriptions?.size === 0) this.#subscriptions = undefined;
    this.#release(subscription);
  }

  #release(subscription: Subscription<Session>): void {
    subscription.active = false;
    try {
      subscription.handler.leave(subscription);
    } catch (error) {
      this.host.options.onFault('leave', error);
    }
  }

  #pushClose(subscription: Subscription<Session>): void {
    this.#pushEnd(subscription, phoenixEvents.close, {});
  }

  #pushEnd({ topic, joinRef }: Subscription<Session>, event: string, payload: ServerPayload): void {
    this.send(this.serializer.encodePush({ joinRef, ref: joinRef, topic, event, payload }));
  }

  #reply(frame: ClientFrame, joinRef: FrameRef, status: 'ok' | 'error', response: ServerPayload): void {
    this.send(this.serializer.encodeReply({ joinRef, ref: frame.ref, topic: frame.topic, status, response }));
  }

  #unmatched(frame: ClientFrame): void {
    this.#reply(frame, null, 'error', { reason: 'unmatched topic' });
  }

  /** Reads no more from the connection; what had been read already waits. */
  #hold(): void {
    this.#waiting = [];
    this.socket.pause();
  }

  #resume(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.socket.resume();
    for (const frame of waiting ?? []) {
      if (this.#waiting) (this.#waiting as ClientFrame[]).push(frame);
      else this.#dispatch(frame);
    }
  }
}
