import type { GenerationPlan, RequestContext } from '@headrace/contracts';

/** Whose generation asks for a place. */
export interface AdmissionRequest {
  readonly project: string;
  readonly channel: string;
  /** `workflow`, `priority`, `acceptedAt`, `sync` and `apiKeyId` are here. */
  readonly context: RequestContext;
  /** `maxConcurrent` is here. */
  readonly plan: GenerationPlan;
  /** Attempts made already, when a generation goes on after a wait; 0 when it begins. */
  readonly attemptsMade: number;
}

/** A place among the generations that run. */
export interface Place {
  /** Gives the place back: the generation ended, or it goes on later and asks again. Called once. */
  release(): void;
}

/** What becomes of a generation that asks. */
export type AdmissionVerdict =
  | { readonly kind: 'admitted'; readonly place: Place }
  /** Later: its message is acknowledged, and a timer asks again at that time (0.1 to 0.5 s late). */
  | { readonly kind: 'deferred'; readonly until: Date };

/** Decides how many generations run at once, and who waits for whom. */
export interface Admission {
  /**
   * Answers at once where there is a place. May keep the generation waiting for a short while: that holds one of the
   * consumer's messages, so longer waits are deferred. Rejects with the signal's reason when it is aborted (the request
   * ended, the process stops); a place must not be lost by that.
   */
  admit(request: AdmissionRequest, signal: AbortSignal): AdmissionVerdict | Promise<AdmissionVerdict>;
}

/** Injection token of the admission. */
export const ADMISSION = Symbol('Admission');

const admitted: AdmissionVerdict = { kind: 'admitted', place: { release: () => undefined } };

/** Lets everybody in. */
export class Unlimited implements Admission {
  admit(): AdmissionVerdict {
    return admitted;
  }
}
