import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.js';

describe('waitFor', () => {
  it('resolves to the first thing that is found', async () => {
    const looks = [undefined, false, null, 0, 'late'];
    expect(await waitFor(() => looks.shift(), { everyMs: 1 })).toBe(0);
  });

  it('takes an error for not yet', async () => {
    let looks = 0;
    const found = await waitFor(
      () => {
        if (++looks < 3) throw new Error('not yet');
        return looks;
      },
      { everyMs: 1 },
    );
    expect(found).toBe(3);
  });

  it('says what did not come true, and why the last look failed', async () => {
    const never = waitFor(() => Promise.reject(new Error('no table')), { timeoutMs: 5, everyMs: 1, what: 'a row' });
    await expect(never).rejects.toMatchObject({ message: 'Not within 5 ms: a row', cause: { message: 'no table' } });
  });
});
