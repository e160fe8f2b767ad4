import type { GenerationAttempt, GenerationTarget } from '@headrace/contracts';

/** In which order the targets of a plan are tried. Asked before a generation begins or goes on; answers from memory. */
export interface AttemptOrder {
  /** The places of all targets in the plan (0, 1, …), each once, the one to try first in front. */
  orderOf(project: string, targets: readonly GenerationTarget[]): readonly number[];
  /** The place that would be tried first right now; asking changes nothing. */
  likelyFirst(project: string, targets: readonly GenerationTarget[]): number;
  /** Why the order is not as planned right now, in a sentence for people; undefined when it is. Asked before the order. */
  whyNotAsPlanned(project: string, targets: readonly GenerationTarget[]): string | undefined;
  /** Told of every attempt once it has ended, well or not. One that was given up by us says nothing and is not told. */
  noteAttempt(project: string, attempt: GenerationAttempt): void;
}

/** Injection token of the order of attempts. */
export const ATTEMPT_ORDER = Symbol('AttemptOrder');

/** The primary first, then the fallbacks, whatever happened before. */
export class AsPlanned implements AttemptOrder {
  orderOf(_project: string, targets: readonly GenerationTarget[]): readonly number[] {
    return targets.map((_target, place) => place);
  }

  likelyFirst(): number {
    return 0;
  }

  whyNotAsPlanned(): undefined {
    return undefined;
  }

  noteAttempt(): void {
    // Nothing is learned.
  }
}
