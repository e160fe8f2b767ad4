import { describe, expect, it } from '@jest/globals';
import { alreadySent, type LaterDelivery } from './already-sent.js';
import { replayStatuses, statusAfter } from './replay-status.js';

const later = (status: string, more: Partial<LaterDelivery> = {}): LaterDelivery => ({
  deliveryId: 'dlv_2',
  endpointId: 'endpoint-1',
  status,
  isInReplay: false,
  ...more,
});

describe('whether a dead letter was sent already', () => {
  it.each([
    ['never replayed', [], undefined],
    ['replayed well', [later('success')], 'already_replayed'],
    ['replayed well after a replay that failed', [later('error'), later('success')], 'already_replayed'],
    ['being replayed', [later('delivering')], 'replay_in_progress'],
    ['about to be replayed', [later('planned')], 'replay_in_progress'],
    ['replayed in vain', [later('error')], undefined],
    ['replayed in vain, and that letter is replayed as well', [later('error', { isInReplay: true })], 'superseded'],
    ['replayed well, but to another endpoint', [later('success', { endpointId: 'endpoint-2' })], undefined],
  ] as const)('knows one that was %s', (_what, deliveries, expected) => {
    expect(alreadySent(deliveries, 'endpoint-1')).toBe(expected);
  });
});

describe('the status of a replay', () => {
  it.each([
    ['pause', { running: 'paused', paused: 'paused' }],
    ['resume', { running: 'running', paused: 'running' }],
    ['cancel', { running: 'cancelled', paused: 'cancelled', cancelled: 'cancelled' }],
  ] as const)('after %s is what was asked for, unless it has ended otherwise', (command, expected) => {
    const after = replayStatuses.map((status) => [status, statusAfter(status, command)] as const);
    expect(Object.fromEntries(after.filter(([, status]) => status !== undefined))).toEqual(expected);
  });
});
