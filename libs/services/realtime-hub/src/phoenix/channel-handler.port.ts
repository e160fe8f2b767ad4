import type { FramePayload, ServerPayload } from '@headrace/contracts';
import type { Subscription } from './subscription.js';

/** What becomes of a join. An error's response tells the client why, as `{reason}`. */
export type JoinOutcome =
  | { readonly status: 'ok'; readonly response?: ServerPayload }
  | { readonly status: 'error'; readonly response: ServerPayload };

/** What becomes of a client's event; nothing at all means no reply. */
export interface EventOutcome {
  readonly reply?: { readonly status: 'ok' | 'error'; readonly response: ServerPayload };
  /** Ends the subscription after the reply. */
  readonly stop?: boolean;
}

/**
 * What a kind of topic does. `Session` is what the server knows of the socket since its upgrade.
 *
 * A subscription that was joined ends with exactly one `leave`, whatever ended it.
 */
export interface ChannelHandler<Session> {
  /**
   * Decides on a join. Frames that follow on the socket wait for it. A throw answers `join crashed`,
   * which clients answer with another try.
   */
  join(subscription: Subscription<Session>, payload: FramePayload): JoinOutcome | Promise<JoinOutcome>;
  /** Called right after the `ok` of a join went out: the first moment for pushes. */
  joined?(subscription: Subscription<Session>): void;
  /** Takes an event. A throw ends the subscription with `phx_error`. */
  handle(subscription: Subscription<Session>, event: string, payload: FramePayload): EventOutcome;
  leave(subscription: Subscription<Session>): void;
}
