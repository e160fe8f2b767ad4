/** What one hub asks another about a session of long polls that lives there. */
export interface PeerQuestion {
  /** A poll for frames, or what a client sends. */
  readonly kind: 'poll' | 'publish';
  /** Names the session at its hub. */
  readonly session: string;
  /** Content type of the body. */
  readonly contentType: string;
  /** Bytes of the client's request; none in a poll. */
  readonly body: Uint8Array;
}

/** A question as the hub that is asked gets it; it is answered once, either way. */
export interface AskedQuestion extends PeerQuestion {
  /** The bytes that the client gets. */
  answer(body: Uint8Array): void;
  /** There is no such session. */
  gone(): void;
  /**
   * Calls back once with whether the client of a poll got the answer; `false` also when it went away before there was
   * one. Never called if the hub that asks is lost.
   */
  onSettled(listener: (delivered: boolean) => void): void;
}

/** What became of a question. */
export type PeerAnswer =
  | {
      readonly kind: 'answered';
      readonly body: Uint8Array;
      /** Says whether the client got the answer to its poll: what it did not get is kept for its next one. */
      readonly settle: (delivered: boolean) => void;
    }
  /** There is no such session, or its hub is no more. */
  | { readonly kind: 'gone' }
  /** Nobody can say: the question was given up, or no answer came in time. What it would have told is kept. */
  | { readonly kind: 'unknown' };

/** How a question is asked. */
export interface PeerAsk {
  /** How long to wait for the answer in all, in milliseconds, also for a way to the other hub. */
  readonly limitMs: number;
  /** Gives the question up. */
  readonly signal: AbortSignal;
}

/** Ends what it was given for. */
export interface PeerSubscription {
  close(): void;
}

/**
 * The way from the hub that a long poll comes to, to the one that has its session. Best effort: an answer that gets lost
 * is `unknown` to who asked and never settled, or settled as not delivered, to who answered.
 */
export interface LongPollPeers {
  /** Takes the questions that other hubs ask the one of this name, which no other has or had. */
  serve(hub: string, onQuestion: (question: AskedQuestion) => void): PeerSubscription;
  /** Asks the hub of a name. Resolves soon when it is gone; never rejects. */
  ask(hub: string, question: PeerQuestion, ask: PeerAsk): Promise<PeerAnswer>;
}

/** Injection token of the way to the other hubs. */
export const LONG_POLL_PEERS = Symbol('LongPollPeers');
