import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AnswerPiece } from '@headrace/contracts';
import { InMemoryAnswerPieces } from '@headrace/event-log/testing';
import { AnswerTellers } from './answer-tellers.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function someTellers() {
  const pieces = new InMemoryAnswerPieces();
  const told: AnswerPiece[] = [];
  pieces.follow('p', 'c', (piece) => told.push(piece));
  return { pieces, told, tellers: new AnswerTellers(pieces) };
}

describe('the teller of an answer', () => {
  it('tells the first piece at once, and those that follow quickly together', () => {
    const { told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    for (const content of ['one ', 'two ', 'three ']) teller.take({ content });
    expect(told).toEqual([{ index: 0, content: 'one ' }]);
    jest.advanceTimersByTime(10);
    expect(told.slice(1)).toEqual([{ index: 1, content: 'two three ' }]);
    jest.advanceTimersByTime(10);
    teller.take({ content: 'four' });
    expect(told.slice(2)).toEqual([{ index: 2, content: 'four' }]);
  });

  it('does not hold much', () => {
    const { told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    teller.take({ content: 'one ' });
    teller.take({ content: 'x'.repeat(9_000) });
    teller.take({ content: 'y'.repeat(9_000) });
    expect(told).toHaveLength(2);
  });

  it('tells what it holds when it is closed, and then is silent', () => {
    const { told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    teller.take({ content: 'one ' });
    teller.take({ toolCalls: [{ index: 0 }] });
    expect(teller.hasTold).toBe(true);
    teller.close();
    expect(told).toEqual([
      { index: 0, content: 'one ' },
      { index: 1, toolCalls: [{ index: 0 }] },
    ]);
    jest.runAllTimers();
    expect(told).toHaveLength(2);
  });

  it('tells what it holds before it answers somebody who asks', async () => {
    const { pieces, told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    teller.take({ content: 'one ' });
    teller.take({ content: 'two' });
    expect(await pieces.askSoFar('p', 'c')).toEqual({ next: 2, content: 'one two', toolCalls: [] });
    expect(told).toHaveLength(2);
  });

  it('says where the answer is while it pauses, for those who came meanwhile', () => {
    const { told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    jest.advanceTimersByTime(5_000);
    expect(told).toEqual([]);
    teller.take({ content: 'one ' });
    jest.advanceTimersByTime(1_000);
    expect(told.slice(1)).toContainEqual({ index: 1 });
    teller.take({ content: 'two' });
    const toldUntilNow = told.length;
    teller.close();
    jest.advanceTimersByTime(5_000);
    expect(told.slice(toldUntilNow)).toEqual([]);
  });

  it('has told nothing when nothing came', () => {
    const { told, tellers } = someTellers();
    const teller = tellers.of('p', 'c');
    teller.take({ content: '' });
    teller.close();
    expect(teller.hasTold).toBe(false);
    expect(told).toEqual([]);
  });

  it('tells less often when there are very many', () => {
    const { told, tellers } = someTellers();
    for (let other = 0; other < 500; other += 1) tellers.of('p', `other-${other}`).take({ content: 'x' });
    const teller = tellers.of('p', 'c');
    teller.take({ content: 'one ' });
    teller.take({ content: 'two' });
    jest.advanceTimersByTime(40);
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(11);
    expect(told).toHaveLength(2);
  });
});
