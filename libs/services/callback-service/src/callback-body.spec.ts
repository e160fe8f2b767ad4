import { describe, expect, it } from '@jest/globals';
import { callbackMessageOf, fingerprintOf } from './callback-body.js';

const at = '2026-01-01T00:00:03.000Z';

describe('a callback body', () => {
  it('with data is a result', () => {
    const body = { data: { id: 1 }, task_id: 't1', metadata: { by: 'worker' } };
    expect(callbackMessageOf(body, at).callback).toEqual({
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
    expect(callbackMessageOf({ error: 'no_stock', message: 'Sold out.' }, at).callback.error).toEqual({
      code: 'no_stock',
      message: 'Sold out.',
    });
    expect(callbackMessageOf({ error: 'no_stock', data: null }, at).callback.error?.message).toContain('no_stock');
  });

  it('with tool results goes on with the model; their content is any JSON', () => {
    const results = [
      { tool_call_id: 'a', content: 'sunny' },
      { tool_call_id: 'b', content: null },
    ];
    const { callback, goOn } = callbackMessageOf({ tool_results: results, data: null }, at);
    expect(goOn).toBeUndefined();
    expect(callback).toMatchObject({
      data: null,
      toolResults: [
        { toolCallId: 'a', content: 'sunny' },
        { toolCallId: 'b', content: null },
      ],
    });
  });

  it('that names the next workflow goes on with it', () => {
    const next = { workflow: 'translate', messages: [{ role: 'user', content: 'Hi' }], metadata: { step: 2 } };
    const { callback, goOn } = callbackMessageOf({ continue: next }, at);
    expect(goOn).toEqual(next);
    expect(callback.continueWith).toBe('translate');
  });

  it('with an error ends the request, whatever stands beside it', () => {
    const next = { workflow: 'translate', messages: [{ role: 'user', content: 'Hi' }] };
    const { callback, goOn } = callbackMessageOf({ error: 'no', continue: next }, at);
    expect(goOn).toBeUndefined();
    expect(callback).not.toHaveProperty('continueWith');
  });

  it.each([
    [{}, ['data']],
    [{ data: null, error: null }, ['data']],
    [{ data: 'text' }, ['data']],
    [{ data: [1] }, ['data']],
    [{ error: '' }, ['error']],
    [{ error: { code: 'x' } }, ['error']],
    [{ data: {}, tool_results: [{ tool_call_id: 'a', content: 1 }] }, ['tool_results']],
    [{ tool_results: [] }, ['tool_results']],
    [{ tool_results: {} }, ['tool_results']],
    [
      { tool_results: [1, { content: 1 }, { tool_call_id: 'a' }] },
      ['tool_results.0', 'tool_results.1.tool_call_id', 'tool_results.2.content'],
    ],
    [{ continue: 'next' }, ['continue']],
    [{ continue: { messages: [] } }, ['continue.workflow', 'continue.messages']],
    [
      { continue: { workflow: 'next', messages: [{ role: 'nobody', content: 'x' }], metadata: 1 } },
      ['continue.messages.0.role', 'continue.metadata'],
    ],
    [{ data: {}, task_id: {}, metadata: 'm', message: 1 }, ['message', 'task_id', 'metadata']],
  ])('%j is refused, naming its fields', (body, params) => {
    expect(() => callbackMessageOf(body, at)).toThrow(
      expect.objectContaining({
        code: 'invalid_request_error',
        details: params.map((param) => expect.objectContaining({ param })),
      }),
    );
  });

  it.each([[undefined], [null], ['text'], [[{ data: {} }]]])('that is %j is refused', (body) => {
    expect(() => callbackMessageOf(body, at)).toThrow('Send a JSON object');
  });

  it('has the same fingerprint when it is sent again, and another when it differs', () => {
    expect(fingerprintOf({ data: { a: 1 } })).toBe(fingerprintOf({ data: { a: 1 } }));
    expect(fingerprintOf({ data: { a: 1 } })).not.toBe(fingerprintOf({ data: { a: 2 } }));
    expect(fingerprintOf({ data: {} })).toMatch(/^[0-9a-f]{64}$/);
  });
});
