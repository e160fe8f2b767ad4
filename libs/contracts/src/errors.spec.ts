import { describe, expect, it } from '@jest/globals';
import { errorBody } from './errors.js';

describe('an error body', () => {
  it('shows its text wherever a client looks for it', () => {
    const body = errorBody('not_found', 'There is no such channel.');
    expect(body.message).toBe('There is no such channel.');
    expect(body.error).toEqual({ message: body.message, type: 'not_found_error', param: null, code: 'not_found' });
  });

  it('names the first offending field and lists all of them', () => {
    const details = [
      { param: 'messages', message: 'must not be empty' },
      { param: 'workflow', message: 'must be text' },
    ];
    expect(errorBody('invalid_request_error', 'messages must not be empty', details).error).toMatchObject({
      param: 'messages',
      details,
    });
  });
});
