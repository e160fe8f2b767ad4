import { describe, expect, it } from '@jest/globals';
import { whenConnected } from './when-connected.js';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const away = { isConnected: false, onReconnect: () => ({ close: () => undefined }) };

describe('the wait for a connection', () => {
  it('keeps no process alive that has nothing else to do', async () => {
    const before = timers();
    const leaving = new AbortController();
    const waiting = whenConnected(away, 60_000, leaving.signal);
    expect(timers()).toBe(before);
    leaving.abort();
    expect(await waiting).toBe(false);
  });
});
