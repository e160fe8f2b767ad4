import { describe, expect, it } from '@jest/globals';
import { catalogue, definitionOf } from './catalogue.js';
import { realtimePushed } from './events/realtime.events.js';
import { requestFailed } from './events/request.events.js';

describe('the event catalogue', () => {
  it('finds every event by its name', () => {
    for (const definition of catalogue) expect(definitionOf(definition.type)).toBe(definition);
    expect(definitionOf('request.forgotten')).toBeUndefined();
  });

  it('holds each name once', () => {
    expect(new Set(catalogue.map(({ type }) => type)).size).toBe(catalogue.length);
  });

  it('accepts data that fits and says where other data does not', () => {
    const pushed = { status: 'success', sockets: 1, pushedAt: '2026-01-01T00:00:00.000Z' };
    expect(realtimePushed.violations(pushed)).toEqual([]);
    expect(realtimePushed.violations({ ...pushed, sockets: -1 })).toEqual([
      { path: '/sockets', message: 'must be >= 0' },
    ]);
    expect(realtimePushed.violations(undefined)).not.toEqual([]);
  });

  it('refuses a failure code that the wire contract does not know', () => {
    expect(requestFailed.violations({ code: 'bad_luck' })).not.toEqual([]);
  });
});
