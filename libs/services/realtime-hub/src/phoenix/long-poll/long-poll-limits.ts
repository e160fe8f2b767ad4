/** Bounds of the transport. Those of a socket hold for each of its sessions as well. */
export interface LongPollLimits {
  /** Milliseconds that a poll waits for a frame; without a poll for half as long again, a session ends. */
  readonly windowMs: number;
  /** Sessions at a time. */
  readonly maxSessions: number;
  /** Bytes of one request with frames. */
  readonly maxBodyBytes: number;
}
