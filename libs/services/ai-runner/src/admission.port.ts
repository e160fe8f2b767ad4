import type { GenerationPlan, RequestContext } from '@headrace/contracts';
import type { Delivery } from '@headrace/event-log';

/** Whose generation asks for a place. */
export interface AdmissionRequest {
  readonly project: string;
  readonly channel: string;
  /** Revision of the request: its last event, that is to be answered. */
  readonly revision: number;
  /** `workflow`, `priority`, `acceptedAt`, `sync` and `apiKeyId` are here. */
  readonly context: RequestContext;
  /** `maxConcurrent` is here. */
  readonly plan: GenerationPlan;
  /** Attempts made already, when a generation goes on after a wait; 0 when it begins. */
  readonly attemptsMade: number;
}

/** A place among the generations that run. */
export interface Place {
  /** Told before each call which provider is called; a promise when there is no room among that one's calls yet. */
  at(provider: string, signal: AbortSignal): Promise<void> | undefined;
  /** Gives the place back: the generation ended, or it goes on later and asks again. Called once. */
  release(): void;
}

/** What becomes of a generation that asks. */
export type AdmissionVerdict =
  | { readonly kind: 'admitted'; readonly place: Place }
  /** Later: its message is acknowledged, and a timer asks again at that time (0.1 to 0.5 s late). */
  | { readonly kind: 'deferred'; readonly until: Date }
  /** Later: it stands in a line that survives this process. Its message is acknowledged; its turn comes by `onTurn`. */
  | { readonly kind: 'waiting' };

/** A request that stood in a line and has its place now. */
export interface Turn {
  readonly project: string;
  readonly channel: string;
  /** Revision at which it began to wait; a request that has another by now is done with. */
  readonly revision: number;
  readonly place: Place;
  readonly delivery: Delivery;
}

/** Decides how many generations run at once, and who waits for whom. */
export interface Admission {
  /**
   * Answers at once where there is a place. May keep the generation waiting for a short while: that holds one of the
   * consumer's messages, so longer waits are deferred. Rejects with the signal's reason when it is aborted (the request
   * ended, the process stops); a place must not be lost by that.
   */
  admit(request: AdmissionRequest, signal: AbortSignal): AdmissionVerdict | Promise<AdmissionVerdict>;
  /**
   * Sets who generates for requests that stood in a line. It releases the place, and resolves when the request was seen
   * to; when it rejects, the request is taken from its line again later.
   */
  onTurn(generate: (turn: Turn) => Promise<void>): void;
}

/** Injection token of the admission. */
export const ADMISSION = Symbol('Admission');

const admitted: AdmissionVerdict = { kind: 'admitted', place: { at: () => undefined, release: () => undefined } };

/** Lets everybody in. */
export class Unlimited implements Admission {
  admit(): AdmissionVerdict {
    return admitted;
  }

  onTurn(): void {
    // Nobody ever waits.
  }
}
