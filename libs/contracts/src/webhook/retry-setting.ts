/** When failed deliveries are tried again, as a project or an endpoint says it. Durations in seconds. */
export type RetrySetting =
  /**
   * The wait before each attempt, counted from the end of the one before it. Attempt 1 is always made at once: a
   * leading 0 stands for it, and may be left out.
   */
  | { readonly scheduleSeconds: readonly number[] }
  /** Waits that grow: `initialSeconds` before attempt 2, then `factor` times the wait before, never above the limit. */
  | {
      /** How many are made in all. */
      readonly attempts: number;
      readonly initialSeconds: number;
      readonly factor: number;
      readonly maxSeconds: number;
    };
