/**
 * The rules of one aggregate, as functions of values.
 *
 * - `decide` tells what follows from a command in a state: one event, or undefined when nothing is left to
 *   decide. Repeating a command therefore changes nothing. Time comes in the command.
 * - `evolve` tells the state after an event. The last event of an aggregate alone tells its whole state, so
 *   `evolve(initialState(), last)` equals the fold over all of them; writers need to read only that one.
 */
export interface Decider<State, Command, Event extends { type: string; data: unknown }> {
  readonly initialState: () => State;
  readonly decide: (command: Command, state: State) => Event | undefined;
  readonly evolve: (state: State, event: Event) => State;
}

/** Makes a `switch` over a union complete: a forgotten member does not compile. */
export function neverReached(value: never): never {
  throw new Error(`Not a known member: ${JSON.stringify(value)}`);
}
