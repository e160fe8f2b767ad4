import { describe, expect, it } from '@jest/globals';
import { AnswerText } from './answer-text.js';

/** What is told of frames; a null stands for a new join. */
function told(...frames: (string | null)[]): string[] {
  const answer = new AnswerText();
  let index = 0;
  return frames.flatMap((data) => {
    if (data === null) {
      answer.rejoined();
      index = 0;
      return [];
    }
    const event = answer.take({ data, index: index++ });
    return event ? [`${event.index}:${event.data}`] : [];
  });
}

describe('the text of an answer', () => {
  it('is told as it comes', () => {
    const answer = new AnswerText();
    expect(answer.take({ data: 'Once ', index: 0 })).toEqual({ data: 'Once ', index: 0, text: 'Once ' });
    expect(answer.take({ data: 'upon', index: 1 })).toEqual({ data: 'upon', index: 1, text: 'Once upon' });
    expect(answer.text).toBe('Once upon');
  });

  it('is not told again after a new join, in whatever pieces it comes', () => {
    expect(told(null, 'Once ', 'upon ', null, 'Once upon a ', 'time')).toEqual([
      '0:Once ',
      '1:upon ',
      '2:a ',
      '3:time',
    ]);
    expect(told('Once upon ', null, 'On', 'ce ', 'upon ', 'a')).toEqual(['0:Once upon ', '1:a']);
    expect(told('Once', null, 'On', null, 'On', 'ce', '!')).toEqual(['0:Once', '1:!']);
  });

  it('begins again with another answer', () => {
    const answer = new AnswerText();
    answer.take({ data: 'Once', index: 0 });
    expect(answer.take({ data: 'Twice', index: 0 })).toEqual({ data: 'Twice', index: 0, text: 'Twice' });
  });

  it('begins again with another answer that began during a drop', () => {
    expect(told('Once ', 'upon', null, 'On', ' the other hand', '!')).toEqual([
      '0:Once ',
      '1:upon',
      '0:On the other hand',
      '1:!',
    ]);
  });

  it('ignores what is no text', () => {
    expect(new AnswerText().take({})).toBeUndefined();
    expect(new AnswerText().take({ data: 7, index: 0 })).toBeUndefined();
  });
});
