/** What this process has seen of an endpoint since its last success. */
export interface FailingRun {
  /** ISO 8601 time of the first failure: as it is noted, before that as it was here. */
  since: string;
  failures: number;
  /** Whether the configuration says that it fails. */
  wasKnown: boolean;
  /** Whether that was written, or is being written. */
  isNoted: boolean;
  /** Whether its endpoint is being switched off. */
  isEnding: boolean;
}

const unknown = { wasKnown: false, isNoted: false, isEnding: false };

/**
 * The endpoints that fail, as this process saw it. The configuration (`failingSince`) is a moment behind what is
 * written, so what was written is remembered until the configuration says it too: nothing is written twice.
 */
export class FailingRuns {
  private readonly runs = new Map<string, FailingRun>();
  /** For endpoints that were noted as healthy: since when they had failed, which the configuration may still say. */
  private readonly healed = new Map<string, string>();

  /** Counts a failure at `at` and gives the run that it belongs to. */
  failure(id: string, failingSince: string | null, at: string): FailingRun {
    const run = this.current(id, failingSince) ?? { since: at, failures: 0, ...unknown };
    if (failingSince !== null && this.healed.get(id) !== failingSince) {
      run.since = failingSince;
      run.wasKnown = run.isNoted = true;
    }
    run.failures += 1;
    this.runs.set(id, run);
    return run;
  }

  /** Ends an endpoint's run at a success, and gives whether that is news to be written. */
  end(id: string, failingSince: string | null): boolean {
    const run = this.runs.get(id);
    if (run) this.runs.delete(id);
    if (failingSince === null) {
      if (this.healed.size > 0) this.healed.delete(id);
      return run?.isNoted ?? false;
    }
    if (this.healed.get(id) === failingSince && !run) return false;
    this.healed.set(id, failingSince);
    return true;
  }

  /** A success could not be written: the next one is news again. */
  notHealed(id: string): void {
    this.healed.delete(id);
  }

  /** Forgets an endpoint, which begins anew. */
  forget(id: string): void {
    this.runs.delete(id);
  }

  /** A run that the configuration knows no longer is over: its owner began anew, or another process saw a success. */
  private current(id: string, failingSince: string | null): FailingRun | undefined {
    const run = this.runs.get(id);
    return run?.wasKnown && failingSince === null ? undefined : run;
  }
}
