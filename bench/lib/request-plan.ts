import type { Percentiles } from './samples.ts';

/** What `parts/requests.ts` is to do. */
export interface RequestPlan {
  /** Of the gateway. */
  readonly url: string;
  /** Projects' keys and workflows that are asked for; request _n_ asks for `targets[order[n % order.length]]`. */
  readonly targets: readonly { readonly apiKey: string; readonly workflow: string }[];
  readonly order: readonly number[];
  /** Requests a second, whatever the system does; null: as many as are answered with `connections` at once. */
  readonly rate: number | null;
  readonly seconds: number;
  readonly connections: number;
}

/** What came of it. */
export interface RequestReport {
  readonly sent: number;
  readonly accepted: number;
  readonly failures: Record<string, number>;
  /** From the moment a request was due to its 200. */
  readonly fromDue: Percentiles;
  /** From the moment it was sent. */
  readonly fromSent: Percentiles;
  /** On the machine's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of each accepted request: its channel, which target it asked for, when it was accepted. */
  readonly channels: readonly (readonly [channel: string, target: number, acceptedAt: number])[];
}
