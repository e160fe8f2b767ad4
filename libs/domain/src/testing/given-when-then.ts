import { expect } from '@jest/globals';
import type { Decider } from '../decider.js';

/**
 * Tests of a decider as sentences: `given(decider, [events]).when(command).then([events])`.
 * The state is folded over all given events; that the last alone gives the same is checked at every use.
 */
export function given<State, Command, Event extends { type: string; data: unknown }>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[],
) {
  const state = events.reduce(decider.evolve, decider.initialState());
  const last = events.at(-1);
  if (last) expect(decider.evolve(decider.initialState(), last)).toEqual(state);
  return {
    when: (command: Command) => {
      const decided = decider.decide(command, state);
      return {
        then: (expected: readonly Event[]) => expect(decided === undefined ? [] : [decided]).toEqual(expected),
        thenNothing: () => expect(decided).toBeUndefined(),
        /** For events of which only a part matters. */
        thenMatching: (expected: { type: Event['type']; data?: object }) => expect(decided).toMatchObject(expected),
      };
    },
  };
}

/** Runs commands one after the other and collects what they decide. */
export function run<State, Command, Event extends { type: string; data: unknown }>(
  decider: Decider<State, Command, Event>,
  commands: readonly Command[],
): { events: Event[]; state: State } {
  const events: Event[] = [];
  let state = decider.initialState();
  for (const command of commands) {
    const event = decider.decide(command, state);
    if (event === undefined) continue;
    events.push(event);
    state = decider.evolve(state, event);
  }
  return { events, state };
}
