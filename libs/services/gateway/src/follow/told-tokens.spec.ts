import { describe, expect, it } from '@jest/globals';
import { InMemoryAnswerPieces } from '@headrace/event-log/testing';
import type { EventStream } from '../sync/stream/event-stream.js';
import { fromTheBeginning, type EventPosition } from './event-position.js';
import { ToldTokens } from './told-tokens.js';

const ids = { project: 'p1', channel: 'c1' };

/** A client at a position, which reads or does not. */
function aClient(from: EventPosition = fromTheBeginning) {
  const pieces = new InMemoryAnswerPieces();
  const written: { id: string; data: string; index: number }[] = [];
  const stream = {
    isFull: false,
    write: (text: string) => {
      const [, id = '', json = ''] = /^id: (.*)\nevent: tokens\ndata: (.*)\n\n$/.exec(text) ?? [];
      written.push({ id, ...(JSON.parse(json) as { data: string; index: number }) });
    },
  };
  const told = new ToldTokens(pieces, ids, from, stream as unknown as EventStream);
  let index = 0;
  const tell = (content: string) => pieces.tell(ids.project, ids.channel, { index: index++, content });
  return { told, stream, written, tell };
}

describe('the text of an answer', () => {
  it('is told piece by piece to who reads, and in one to who was behind', () => {
    const { told, stream, written, tell } = aClient();
    tell('one ');
    stream.isFull = true;
    tell('two ');
    tell('three ');
    stream.isFull = false;
    told.tell();
    tell('four');
    expect(written).toEqual([
      { id: '0-1-4', data: 'one ', index: 0 },
      { id: '0-2-14', data: 'two three ', index: 1 },
      { id: '0-3-18', data: 'four', index: 2 },
    ]);
  });

  it('goes on in the middle of a piece, and behind pieces, that the client has had', () => {
    const { written, tell } = aClient({ place: 7, frames: 3, characters: 10 });
    for (const content of ['one ', 'two ', 'three ', 'four']) tell(content);
    expect(written).toEqual([
      { id: '7-4-14', data: 'ree ', index: 3 },
      { id: '7-5-18', data: 'four', index: 4 },
    ]);
  });

  it('is cut between characters where it is long', () => {
    const { written, tell } = aClient();
    const text = `${'x'.repeat(16 * 1024 - 1)}🌍${'y'.repeat(20_000)}`;
    tell(text);
    expect(written.map(({ data }) => data.length)).toEqual([16 * 1024 - 1, 16 * 1024, 20_000 + 2 - 16 * 1024]);
    expect(written.map(({ data }) => data).join('')).toBe(text);
  });
});
