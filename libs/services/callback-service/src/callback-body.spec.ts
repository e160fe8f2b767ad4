import { describe, expect, it } from '@jest/globals';
import { callbackRecordOf, fingerprintOf } from './callback-body.js';

const at = '2026-01-01T00:00:03.000Z';

describe('a callback body', () => {
  it('with data is a result', () => {
    const body = { data: { id: 1 }, task_id: 't1', metadata: { by: 'worker' } };
    expect(callbackRecordOf(body, at)).toEqual({
      receivedAt: at,
      fingerprint: fingerprintOf(body),
      data: { id: 1 },
      taskId: 't1',
      metadata: { by: 'worker' },
      error: null,
      simulated: false,
    });
  });

  it('with an error is a failure, with a text even when none is sent', () => {
    expect(callbackRecordOf({ error: 'no_stock', message: 'Sold out.' }, at).error).toEqual({
      code: 'no_stock',
      message: 'Sold out.',
    });
    expect(callbackRecordOf({ error: 'no_stock', data: null }, at).error?.message).toContain('no_stock');
  });

  it.each([
    [{}, ['data']],
    [{ data: null, error: null }, ['data']],
    [{ data: 'text' }, ['data']],
    [{ data: [1] }, ['data']],
    [{ error: '' }, ['error']],
    [{ error: { code: 'x' } }, ['error']],
    [{ data: {}, task_id: {}, metadata: 'm', message: 1 }, ['message', 'task_id', 'metadata']],
  ])('%j is refused, naming its fields', (body, params) => {
    expect(() => callbackRecordOf(body, at)).toThrow(
      expect.objectContaining({
        code: 'invalid_request_error',
        details: params.map((param) => expect.objectContaining({ param })),
      }),
    );
  });

  it.each([[undefined], [null], ['text'], [[{ data: {} }]]])('that is %j is refused', (body) => {
    expect(() => callbackRecordOf(body, at)).toThrow('Send a JSON object');
  });

  it('has the same fingerprint when it is sent again, and another when it differs', () => {
    expect(fingerprintOf({ data: { a: 1 } })).toBe(fingerprintOf({ data: { a: 1 } }));
    expect(fingerprintOf({ data: { a: 1 } })).not.toBe(fingerprintOf({ data: { a: 2 } }));
    expect(fingerprintOf({ data: {} })).toMatch(/^[0-9a-f]{64}$/);
  });
});
