import { describe, expect, it } from '@jest/globals';
import { aPlannedDelivery } from '../testing/index.js';
import { planReplay } from './plan-replay.js';

const letter = aPlannedDelivery({ body: '{"type":"task.completed","text":"größer \\u0000"}' });
const making = { deliveryId: 'dlv_2', now: new Date('2026-01-20T00:00:00.000Z'), toEndpointId: null };
const endpoint = { id: 'endpoint-1', url: 'https://receiver.test/hook', active: true };

describe('a replay', () => {
  it('is a delivery of its own with the message id and bytes of the letter', () => {
    expect(planReplay(letter, [endpoint], making).planned).toEqual({
      ...letter,
      deliveryId: 'dlv_2',
      plannedAt: '2026-01-20T00:00:00.000Z',
      replayOf: 'dlv_1',
    });
  });

  it('goes to the URL that the endpoint has now', () => {
    const moved = { ...endpoint, url: 'https://receiver.test/new' };
    expect(planReplay(letter, [moved], making).planned?.url).toBe('https://receiver.test/new');
  });

  it('goes to another endpoint when that is asked for, also where its own is gone', () => {
    const other = { id: 'endpoint-2', url: 'https://other.test/hook', active: true };
    expect(planReplay(letter, [other], { ...making, toEndpointId: 'endpoint-2' }).planned).toMatchObject({
      endpointId: 'endpoint-2',
      url: 'https://other.test/hook',
      messageId: letter.messageId,
      body: letter.body,
    });
  });

  it('does not wait in the lane that the letter waited in', () => {
    expect(planReplay({ ...letter, lane: 'lane-1' }, [endpoint], making).planned).not.toHaveProperty('lane');
  });

  it("goes to a request's own URL as it was", () => {
    const adHoc = { ...letter, endpointId: 'url_abc' };
    expect(planReplay(adHoc, [], making).planned).toMatchObject({ endpointId: 'url_abc', url: letter.url });
  });

  it('goes to the listening session that the letter was for: its attempt knows whether somebody still listens', () => {
    const listened = { ...letter, endpointId: 'lsn_abc', url: 'listen:lsn_abc' };
    expect(planReplay(listened, [], making).planned).toMatchObject({ endpointId: 'lsn_abc', url: 'listen:lsn_abc' });
  });

  it('of a replay names the delivery that it was made of', () => {
    const again = { ...letter, deliveryId: 'dlv_5', replayOf: 'dlv_1' };
    expect(planReplay(again, [endpoint], making).planned?.replayOf).toBe('dlv_5');
  });

  it.each([
    ['removed', 'endpoint_removed', [{ ...endpoint, id: 'endpoint-2' }]],
    ['switched off', 'endpoint_disabled', [{ ...endpoint, active: false }]],
  ])('is refused when the endpoint is %s', (why, reason, endpoints) => {
    const refusal = { reason, message: expect.stringContaining(why) };
    expect(planReplay(letter, endpoints, making)).toEqual({ refusal });
  });
});
