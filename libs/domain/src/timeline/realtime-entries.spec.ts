import { describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@headrace/contracts';
import { realtimeEntries } from './realtime-entries.js';
import type { KnownEvent } from './timeline-event.js';

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const recorded = (...events: AnyEvent[]): KnownEvent[] =>
  events.map((event, index) => ({ ...event, sequence: index + 1, time: time(index) }));

describe('what watching clients were told, in a timeline', () => {
  const pushed = (status: string, second: number, data: object): AnyEvent => ({
    type: 'realtime.pushed',
    data: { status, sockets: 1, pushedAt: time(second), ...data },
  });
  const [hub, gateway] = ['realtime-hub-a', 'gateway-b'];

  it('is one entry for each state, with what each process told, and all of them together', () => {
    const events = recorded(
      pushed('ai_generated', 5, { instance: hub, transport: 'socket', sockets: 2 }),
      pushed('completed', 8, { instance: gateway, transport: 'wait' }),
      pushed('completed', 7, { instance: hub, transport: 'socket', sockets: 2 }),
      pushed('completed', 8, { instance: gateway, transport: 'events', sockets: 3 }),
      pushed('completed', 9, { instance: hub, transport: 'socket' }),
    );
    expect(realtimeEntries(events)).toMatchObject([
      { status: 'ai_generated', sockets: 2, pushes: [{ instance: hub, transport: 'socket', sockets: 2 }] },
      {
        status: 'completed',
        at: time(7),
        sockets: 7,
        pushes: [
          { instance: gateway, transport: 'wait', at: time(8), sockets: 1 },
          { instance: hub, transport: 'socket', at: time(7), sockets: 3 },
          { instance: gateway, transport: 'events', at: time(8), sockets: 3 },
        ],
      },
    ]);
  });

  it('is told of events from before processes were kept', () => {
    const [entry] = realtimeEntries(recorded(pushed('error', 3, {})));
    expect(entry).toEqual({
      kind: 'realtime',
      status: 'error',
      color: 'red',
      at: time(3),
      duration_ms: null,
      sockets: 1,
      pushes: [{ instance: null, transport: null, at: time(3), sockets: 1 }],
    });
  });
});
