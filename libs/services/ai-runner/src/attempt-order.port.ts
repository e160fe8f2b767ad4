import type { GenerationAttempt, GenerationTarget } from '@headrace/contracts';

/** In which order the targets of a plan are tried. Asked before a generation begins or goes on; answers from memory. */
export interface AttemptOrder {
  /** The places of all targets in the plan (0, 1, …), each once, the one to try first in front. */
  orderOf(project: string, targets: readonly GenerationTarget[]): readonly number[];
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

  noteAttempt(): void {
    // Nothing is learned.
  }
}
