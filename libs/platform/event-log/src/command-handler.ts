import type { AggregateAddress } from '@headrace/contracts';
import { RevisionConflict } from './errors.js';
import type { AppendOptions, EventLog, Recorded } from './event-log.port.js';

/** The pure rules of one aggregate, as the command handler needs them. */
export interface Decider<State, Command, Event extends { type: string; data: unknown }> {
  readonly initialState: () => State;
  /** What follows from a command in a state: one event, or none when nothing is left to decide. */
  readonly decide: (command: Command, state: State) => Event | undefined;
  readonly evolve: (state: State, event: Event) => State;
}

/** What became of a command: the event appended, if any, and the state after it. */
export interface CommandOutcome<State, Event extends { type: string; data: unknown }> {
  readonly event: Event | undefined;
  readonly state: State;
  readonly revision: number;
}

/** State of an aggregate at a revision, when the caller has it in hand. */
export interface Known<State> {
  readonly state: State;
  readonly revision: number;
}

const maximumConflicts = 20;

/**
 * Decides a command and appends what follows, at the revision decided on. When another writer was first, reads
 * the aggregate and decides again, so that whatever races, the rules hold.
 *
 * `known` spares the read on hot paths: the event being handled carries both. The last event alone must tell the
 * whole state (`evolve(initialState(), last)`), which the aggregates of this system are made for.
 */
export async function handleCommand<State, Command, Event extends { type: string; data: unknown }>(
  log: EventLog,
  decider: Decider<State, Command, Event>,
  address: AggregateAddress,
  command: NoInfer<Command>,
  options: Omit<AppendOptions, 'expectedRevision' | 'messageId'> & { known?: Known<NoInfer<State>> } = {},
): Promise<CommandOutcome<State, Event>> {
  const { known, ...context } = options;
  let current = known ?? (await load(log, decider, address));
  for (let conflicts = 0; ; conflicts += 1) {
    const event = decider.decide(command, current.state);
    if (event === undefined) return { event, ...current };
    try {
      const revision = await log.append(address, event, { ...context, expectedRevision: current.revision });
      return { event, state: decider.evolve(current.state, event), revision };
    } catch (error) {
      if (!(error instanceof RevisionConflict) || conflicts >= maximumConflicts) throw error;
      current = await load(log, decider, address);
    }
  }
}

async function load<State, Command, Event extends { type: string; data: unknown }>(
  log: EventLog,
  decider: Decider<State, Command, Event>,
  address: AggregateAddress,
): Promise<Known<State>> {
  const last = await log.last(address);
  if (last === undefined) return { state: decider.initialState(), revision: 0 };
  return { state: stateAfter(decider, last), revision: last.sequence };
}

/** The state that an aggregate's last event tells. */
export function stateAfter<State, Command, Event extends { type: string; data: unknown }>(
  decider: Decider<State, Command, Event>,
  last: Recorded,
): State {
  return decider.evolve(decider.initialState(), { type: last.type, data: last.data } as Event);
}
