/** When failed deliveries are tried again, as a project or an endpoint says it. Durations in seconds. */
export type RetrySetting =
  /** The wait before each attempt, counted from the one before it; the first one is 0 (attempt 1 is made at once). */
  | { readonly scheduleSeconds: readonly number[] }
  /** Waits that grow: `initialSeconds` before attempt 2, then `factor` times the wait before, never above the limit. */
  | {
      /** How many are made in all. */
      readonly attempts: number;
      readonly initialSeconds: number;
      readonly factor: number;
      readonly maxSeconds: number;
    };
