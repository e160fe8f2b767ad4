import { describe, expect, it } from '@jest/globals';
import type { AnswerPiece, AnswerSoFar, JsonObject } from '@headrace/contracts';
import { followAnswer } from './follow-answer.js';
import { InMemoryAnswerPieces } from './testing/index.js';

const [project, channel] = ['project-1', 'channel-1'];

/** Someone who generates, with what was told already, and what a follower that comes then is passed. */
function anAnswer(...told: string[]) {
  const pieces = new InMemoryAnswerPieces();
  const soFar = (): AnswerSoFar => ({ next: told.length, content: told.join(''), toolCalls: [] });
  const passed: AnswerPiece[] = [];
  return {
    pieces,
    passed,
    offer: () => pieces.offerSoFar(project, channel, soFar),
    follow: () => followAnswer(pieces, project, channel, (piece) => passed.push(piece)),
    /** Says which piece comes next. */
    pause: () => pieces.tell(project, channel, { index: told.length }),
    /** Tells a piece; a lost one reaches nobody. */
    tell: (content: string, { isLost = false } = {}) => {
      const piece = { index: told.push(content) - 1, content };
      if (!isLost) pieces.tell(project, channel, piece);
    },
  };
}

/** Lets a question that is answered from memory be answered. */
const answered = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('whoever follows an answer', () => {
  it('before it begins gets every piece', async () => {
    const { follow, offer, passed, tell } = anAnswer();
    follow();
    await answered();
    offer();
    tell('one ');
    tell('two');
    expect(passed).toEqual([
      { index: 0, content: 'one ' },
      { index: 1, content: 'two' },
    ]);
  });

  it('from its middle gets what was told in one piece, and what is told meanwhile once', async () => {
    const { follow, offer, passed, tell } = anAnswer('one ', 'two ');
    offer();
    follow();
    tell('three ');
    tell('four ');
    await answered();
    tell('five');
    expect(passed.map(({ content }) => content).join('')).toBe('one two three four five');
    expect(passed.map(({ index }) => index)).toEqual([...passed.keys()].map((at) => at + passed[0]!.index));
  });

  it('gets the pieces that it missed with the next one', async () => {
    const { follow, offer, passed, tell } = anAnswer();
    offer();
    follow();
    await answered();
    tell('one ');
    tell('two ', { isLost: true });
    tell('three ');
    await answered();
    tell('four');
    expect(passed.map(({ content }) => content)).toEqual(['one ', 'two three ', 'four']);
  });

  it('gets what it missed while the answer pauses, once, when it is told where the answer is', async () => {
    const { follow, offer, passed, pause, tell } = anAnswer('one ', 'two ');
    offer();
    follow();
    pause();
    await answered();
    expect(passed).toEqual([{ index: 1, content: 'one two ' }]);
    pause();
    await answered();
    tell('three');
    expect(passed.slice(1)).toEqual([{ index: 2, content: 'three' }]);
  });

  it('asks for nothing, unless a piece is missing', async () => {
    const pieces = new InMemoryAnswerPieces();
    let asked = 0;
    const askSoFar = async () => {
      asked += 1;
      return { next: 2, content: 'one two ', toolCalls: [] };
    };
    const passed: AnswerPiece[] = [];
    const watched = Object.assign(Object.create(pieces) as InMemoryAnswerPieces, { askSoFar });
    followAnswer(watched, project, channel, (piece) => passed.push(piece));
    pieces.tell(project, channel, { index: 0, content: 'one ' });
    expect(asked).toBe(0);
    pieces.tell(project, channel, { index: 2, content: 'three' });
    await answered();
    expect(asked).toBe(1);
    expect(passed.map(({ content }) => content)).toEqual(['one ', 'two ', 'three']);
  });

  it('gets nothing behind a gap that nobody can fill', async () => {
    const { follow, passed, tell } = anAnswer();
    follow();
    await answered();
    tell('one ');
    tell('two ', { isLost: true });
    tell('three ');
    await answered();
    tell('four');
    await answered();
    expect(passed.map(({ content }) => content)).toEqual(['one ']);
  });

  it('gets pieces of tool calls that it missed, each once', async () => {
    const pieces = new InMemoryAnswerPieces();
    const toolCalls: JsonObject[] = [
      { index: 0, id: 'a' },
      { index: 0, function: { arguments: '{}' } },
    ];
    pieces.offerSoFar(project, channel, () => ({ next: 2, content: '', toolCalls }));
    const passed: AnswerPiece[] = [];
    const following = followAnswer(pieces, project, channel, (piece) => passed.push(piece));
    pieces.tell(project, channel, { index: 2 });
    await answered();
    expect(passed).toEqual([{ index: 1, toolCalls }]);
    following.close();
    pieces.tell(project, channel, { index: 2, content: 'too late' });
    expect(passed).toHaveLength(1);
  });
});
