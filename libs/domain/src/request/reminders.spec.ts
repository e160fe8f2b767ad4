import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aContext } from '../testing/index.js';
import { reminderAfter } from './reminders.js';

const begin = Date.parse('2026-01-01T00:00:00.000Z');
const minute = 60_000;
const after = (milliseconds: number) => new Date(begin + milliseconds).toISOString();
const wait = (reminderMs: number | number[] | undefined, windowMs = 10 * minute) => ({
  context: aContext({ eventName: 'ready', ...(reminderMs === undefined ? {} : { reminderMs }) }),
  generatedAt: after(0),
  callbackDeadline: after(windowMs),
});

describe('reminders of a callback', () => {
  it('come every so often, until the deadline', () => {
    const every = wait(4 * minute);
    expect(reminderAfter(0, every, begin, 1)).toEqual({ number: 1, at: after(4 * minute) });
    expect(reminderAfter(1, every, begin + 4 * minute, 1)).toEqual({ number: 2, at: after(8 * minute) });
    expect(reminderAfter(2, every, begin + 8 * minute, 1)).toBeUndefined();
  });

  it('come at the times of a list, in their order, each once', () => {
    const listed = wait([3 * minute, minute, minute]);
    expect(reminderAfter(0, listed, begin, 1)).toEqual({ number: 1, at: after(minute) });
    expect(reminderAfter(1, listed, begin + minute, 1)).toEqual({ number: 2, at: after(3 * minute) });
    expect(reminderAfter(2, listed, begin + 3 * minute, 1)).toBeUndefined();
  });

  it('do not come unless they are asked for', () => {
    expect(reminderAfter(0, wait(undefined), begin, 1)).toBeUndefined();
  });

  it('come sooner under a time scale, like the deadline', () => {
    expect(reminderAfter(0, wait(4 * minute), begin, 60)).toEqual({ number: 1, at: after(4_000) });
  });

  it('come once for all that were missed', () => {
    const every = wait(minute, 60 * minute);
    const late = begin + 10.5 * minute;
    expect(reminderAfter(0, every, late, 1)).toEqual({ number: 1, at: after(minute) });
    expect(reminderAfter(1, every, late, 1)).toEqual({ number: 11, at: after(11 * minute) });
    const listed = wait([minute, 2 * minute, 20 * minute], 60 * minute);
    expect(reminderAfter(1, listed, late, 1)).toEqual({ number: 3, at: after(20 * minute) });
  });

  it('always have growing numbers and times, and end', () => {
    const reminder = fc.oneof(
      fc.integer({ min: minute, max: 100 * minute }),
      fc.array(fc.integer({ min: 1, max: 100 * minute }), { minLength: 1, maxLength: 10 }),
    );
    fc.assert(
      fc.property(reminder, fc.integer({ min: 0, max: 10 * minute }), (reminderMs, lateness) => {
        const waiting = wait(reminderMs, 200 * minute);
        let sent = 0;
        let last = begin;
        for (;;) {
          const next = reminderAfter(sent, waiting, last + lateness, 1);
          if (!next) break;
          expect(next.number).toBeGreaterThan(sent);
          expect(Date.parse(next.at)).toBeGreaterThan(last);
          sent = next.number;
          last = Date.parse(next.at);
        }
        expect(last).toBeLessThan(begin + 200 * minute);
      }),
    );
  });
});
