import { describe, expect, it } from '@jest/globals';
import { laneKeyOf } from './lane-key.js';

const body = { channel_id: 'c-1', customer_data: { user: 7, name: 'Zoë', tags: ['a'], none: null, ok: false } };

describe('the lane of a webhook', () => {
  it('follows from what the body says under the key, and fits into a subject', () => {
    expect(laneKeyOf('channel_id', body)).toMatch(/^[\w-]{22}$/);
    expect(laneKeyOf('channel_id', { ...body, channel_id: 'c-1', data: 1 })).toBe(laneKeyOf('channel_id', body));
    expect(laneKeyOf('channel_id', { ...body, channel_id: 'c-2' })).not.toBe(laneKeyOf('channel_id', body));
  });

  it.each(['customer_data.user', 'customer_data.name', 'customer_data.tags.0', 'customer_data.ok'])(
    'can be named by %s',
    (path) => expect(laneKeyOf(path, body)).toBeDefined(),
  );

  it('tells 7 from "7", and the same value under another key apart', () => {
    const keys = [{ user: 7 }, { user: '7' }].map((data) => laneKeyOf('customer_data.user', { customer_data: data }));
    expect(keys[0]).not.toBe(keys[1]);
    expect(laneKeyOf('a', { a: 1, b: 1 })).not.toBe(laneKeyOf('b', { a: 1, b: 1 }));
  });

  it.each(['customer_data.missing', 'customer_data.none', 'customer_data.tags', 'customer_data', 'channel_id.length'])(
    'is none where the body has no single value under %s',
    (path) => expect(laneKeyOf(path, body)).toBeUndefined(),
  );

  it('is none at an endpoint that asks for no order', () => {
    expect(laneKeyOf(null, body)).toBeUndefined();
  });
});
