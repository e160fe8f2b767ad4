import { describe, expect, it } from '@jest/globals';
import { DEFAULT_HEARTBEAT_INTERVAL, longestTimerMs, settingsOf } from './settings.js';

describe('the settings of a client', () => {
  it.each([undefined, 0, -1, NaN])('take %p for no interval of heartbeats', (heartbeatInterval) => {
    expect(settingsOf({ heartbeatInterval }).heartbeatInterval).toBe(DEFAULT_HEARTBEAT_INTERVAL);
  });

  it.each([Infinity, 2 ** 40])('never let an interval of %p be none', (heartbeatInterval) => {
    expect(settingsOf({ heartbeatInterval }).heartbeatInterval).toBe(longestTimerMs);
  });

  it('keep what is said', () => {
    const options = { baseUrl: 'wss://hub', heartbeatInterval: 5, requestTimeout: 0, debug: true };
    expect(settingsOf(options)).toEqual(options);
  });
});
