/** Clients that come back after a restart of their hub. */
export type ReturningClient = 'phoenix' | '@headrace/client';

/** Who is to join what, and where. */
export interface JoinPlan {
  readonly client: ReturningClient;
  readonly hubPort: number;
  readonly topics: readonly { readonly topic: string; readonly channel: string; readonly token: string }[];
}

/** How clients came back, in milliseconds since the first of them. */
export interface Returns {
  /** Connections, failed ones included. */
  readonly arrivals: readonly number[];
  readonly allJoinedMs: number;
}
