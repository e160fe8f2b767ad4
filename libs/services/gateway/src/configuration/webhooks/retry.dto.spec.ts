import { describe, expect, it } from '@jest/globals';
import { retrySettingOf, retryView, retryViolations, type RetryDto } from './retry.dto.js';

const growth = { attempts: 5, initial_seconds: 1, factor: 2, max_seconds: 60 };
const params = (retry: unknown): string[] => retryViolations(retry).map(({ param }) => param);

describe('a retry policy', () => {
  it.each<RetryDto>([{ schedule_seconds: [0, 1, 5] }, growth])('goes out as it came in: %j', (retry) => {
    expect(retryViolations(retry)).toEqual([]);
    expect(retryView(retrySettingOf(retry))).toEqual(retry);
  });

  it('keeps nothing that it does not know', () => {
    expect(retrySettingOf({ ...growth, jitter: true } as RetryDto)).toEqual({
      attempts: 5,
      initialSeconds: 1,
      factor: 2,
      maxSeconds: 60,
    });
  });

  it.each<[string, unknown, string[]]>([
    ['a text', 'often', ['retry']],
    ['a list', [1, 2], ['retry']],
    ['nothing', {}, ['retry']],
    ['both forms', { schedule_seconds: [0], ...growth }, ['retry']],
    ['both forms in part', { schedule_seconds: [0], factor: 2 }, ['retry']],
    ['a list that is none', { schedule_seconds: '0,5' }, ['retry.schedule_seconds']],
    ['an empty list', { schedule_seconds: [] }, ['retry.schedule_seconds']],
    [
      'entries that are no numbers',
      { schedule_seconds: [0, '5', null] },
      ['retry.schedule_seconds.1', 'retry.schedule_seconds.2'],
    ],
    ['a wait back in time', { schedule_seconds: [0, -5] }, ['retry.schedule_seconds.1']],
    ['a form in part', { attempts: 5, factor: 2 }, ['retry.initial_seconds', 'retry.max_seconds']],
    ['a factor that is a text', { ...growth, factor: '2' }, ['retry.factor']],
    ['a factor that shrinks', { ...growth, factor: 0.5 }, ['retry.factor']],
    ['a limit below the first wait', { ...growth, max_seconds: 0.5 }, ['retry.max_seconds']],
  ])('names what is wrong: %s', (_case, retry, expected) => {
    expect(params(retry)).toEqual(expected);
  });

  it('says it in a sentence that begins with the field', () => {
    expect(retryViolations({ ...growth, factor: 99 })[0]?.message).toBe('retry.factor must be from 1 to 10.');
  });
});
