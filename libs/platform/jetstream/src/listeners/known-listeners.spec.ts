import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListenerSession } from '@headrace/contracts';
import { KnownListeners } from './known-listeners.js';

const at = (second: number): string => new Date(second * 1_000).toISOString();

const aSession = (overrides: Partial<ListenerSession> = {}): ListenerSession => ({
  project: 'p1',
  session: 'lsn_1',
  connection: 'c1',
  since: at(0),
  until: at(60),
  webhookTypes: null,
  workflows: null,
  ...overrides,
});

describe('the listening sessions that a process knows', () => {
  let now: number;
  let known: KnownListeners;
  beforeEach(() => {
    now = 0;
    known = new KnownListeners(() => now * 1_000);
  });

  it('are those of their own project, until they are over', () => {
    known.note(aSession());
    known.note(aSession({ session: 'lsn_2', until: at(30) }));
    expect(known.of('p1').map(({ session }) => session)).toEqual(['lsn_1', 'lsn_2']);
    expect(known.of('p2')).toEqual([]);
    now = 30;
    expect(known.of('p1').map(({ session }) => session)).toEqual(['lsn_1']);
    expect(known.find('p1', 'lsn_2')).toBeUndefined();
  });

  it('last as long as they are told of again', () => {
    known.note(aSession());
    now = 50;
    known.note(aSession({ until: at(110) }));
    now = 100;
    expect(known.find('p1', 'lsn_1')).toBeDefined();
  });

  it('take nothing from the process of an older socket', () => {
    known.note(aSession({ connection: 'c2', since: at(5) }));
    known.note(aSession({ connection: null, since: at(1), until: at(1) }));
    expect(known.find('p1', 'lsn_1')).toMatchObject({ connection: 'c2' });
  });

  it('are over at once when that is said, and told of to those who wait for it', () => {
    const told: (string | null)[] = [];
    const listening = known.onChange(({ connection }) => told.push(connection));
    known.note(aSession());
    now = 1;
    known.note(aSession({ connection: null, since: at(1), until: at(1) }));
    expect(known.find('p1', 'lsn_1')).toBeUndefined();
    listening.close();
    known.note(aSession({ since: at(2), connection: 'c3' }));
    expect(told).toEqual(['c1', null]);
  });
});
