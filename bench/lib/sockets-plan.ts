/** One socket to open, and the topic that it joins. */
export interface SocketPlan {
  readonly topic: string;
  /** Query of the upgrade, without the question mark. */
  readonly query: string;
}

/** What the sockets' load generator is to open. */
export interface OpenPlan {
  /** `ws://…` without `/websocket`. */
  readonly url: string;
  readonly sockets: readonly SocketPlan[];
  /** Sockets that may be on their way at a time. */
  readonly atOnce: number;
  /** Whether the clients offer permessage-deflate, as browsers do. */
  readonly offerDeflate: boolean;
  /** Whether the clients stop reading once they joined. */
  readonly neverRead: boolean;
}

/** What came of opening them. */
export interface OpenReport {
  readonly joined: number;
  readonly tookSeconds: number;
  readonly failures: Record<string, number>;
}

/** What the sockets heard since the last question. */
export interface HeardReport {
  /** Frames of all sockets. */
  readonly frames: number;
  readonly bytes: number;
  /** When each socket heard its last frame, on the machine's clock; 0: none. In the order of opening. */
  readonly arrivals: readonly number[];
  /** Sockets that are still open. */
  readonly open: number;
}
