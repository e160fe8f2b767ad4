import { describe, expect, it } from '@jest/globals';
import { EventReader } from './event-stream.js';

const text =
  ': heartbeat\n\ndata: {"a":1}\n\ndata:{"b":\ndata: 2}\r\n\r\nevent: x\nid: 7\n\ndata: [DONE]\n\ndata: cut off';
const events = ['{"a":1}', '{"b":\n2}', '[DONE]'];

describe('a reader of server-sent events', () => {
  it('gives the data of complete events and passes comments over', () => {
    expect([...new EventReader().read(text)]).toEqual(events);
  });

  it.each([1, 2, 3, 7])('gives the same from pieces of %i characters', (size) => {
    const reader = new EventReader();
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    );
    expect(pieces.flatMap((piece) => [...reader.read(piece)])).toEqual(events);
  });

  it('gives up on an event that has no end', () => {
    const reader = new EventReader();
    const read = () => {
      for (let count = 0; count < 20; count += 1) Array.from(reader.read(`data: ${'x'.repeat(1024 * 1024)}\n`));
    };
    expect(read).toThrow('no end');
  });
});
