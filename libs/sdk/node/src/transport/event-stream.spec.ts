import { describe, expect, it } from '@jest/globals';
import { EventReader } from './event-stream.js';

const text =
  'retry: 250\n: heartbeat\n\ndata: {"a":1}\n\nid: 7\n\nevent: x\ndata:{"b":\ndata: 2}\r\n\r\nevent: without data\n\nid: 8\ndata: [DONE]\n\nid: 9\ndata: cut off';
const events = [
  { event: 'message', data: '{"a":1}', id: '6' },
  { event: 'x', data: '{"b":\n2}', id: '7' },
  { event: 'message', data: '[DONE]', id: '8' },
];

describe('a reader of server-sent events', () => {
  it('gives complete events and passes comments over', () => {
    const reader = new EventReader('6');
    expect([...reader.read(text)]).toEqual(events);
    expect(reader).toMatchObject({ lastId: '8', retryMs: 250, hasHeartbeat: true });
  });

  it.each([1, 2, 3, 7])('gives the same from pieces of %i characters', (size) => {
    const reader = new EventReader('6');
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
