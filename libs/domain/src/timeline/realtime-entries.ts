import type { RealtimeEntry, RealtimePush } from './timeline-entry.js';
import { ofType, type KnownEvent, type KnownEventOf } from './timeline-event.js';

type Pushed = KnownEventOf<'realtime.pushed'>;

/**
 * When a client began to watch, and what watching clients were told: one entry for each state, whichever processes told
 * it and how often. Events of one round, in which no state comes twice.
 */
export function realtimeEntries(events: readonly KnownEvent[]): RealtimeEntry[] {
  const joins = ofType(events, 'realtime.joined').map(({ data }): RealtimeEntry => ({
    ...common,
    status: 'joined',
    color: 'green',
    at: data.joinedAt,
    sockets: null,
    pushes: [],
  }));
  const byState = Map.groupBy(ofType(events, 'realtime.pushed'), ({ data }) => data.status);
  return [...joins, ...[...byState].map(([status, pushed]) => entryOf(status, pushed))];
}

const common = { kind: 'realtime', duration_ms: null } as const;

function entryOf(status: string, pushed: readonly Pushed[]): RealtimeEntry {
  const byProcess = Map.groupBy(pushed, ({ data }) => `${data.instance ?? ''} ${data.transport ?? ''}`);
  const pushes = [...byProcess.values()].map(pushOf);
  return {
    ...common,
    status,
    color: status === 'error' ? 'red' : 'green',
    at: earliest(pushes.map(({ at }) => at)),
    sockets: sum(pushes.map(({ sockets }) => sockets)),
    pushes,
  };
}

function pushOf(pushed: readonly Pushed[]): RealtimePush {
  const [first] = pushed;
  return {
    instance: first?.data.instance ?? null,
    transport: first?.data.transport ?? null,
    at: earliest(pushed.map(({ data }) => data.pushedAt)),
    sockets: sum(pushed.map(({ data }) => data.sockets)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const earliest = (times: readonly string[]): string => times.reduce((one, other) => (other < one ? other : one));
