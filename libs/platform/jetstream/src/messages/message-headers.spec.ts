import { describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/nats-core';
import { MsgHdrsImpl } from '@nats-io/nats-core/internal';
import { NewHeaders, statusOf, visitHeaders, type WithHeaders } from './message-headers.js';

/** A message with these bytes as headers, as the client keeps it. */
const received = (text: string): WithHeaders => {
  const bytes = Buffer.from(`${text}the body`);
  return { _rdata: bytes, _msg: { hdr: Buffer.byteLength(text) } } as WithHeaders;
};

function visited(message: WithHeaders): [string, string][] {
  const seen: [string, string][] = [];
  visitHeaders(message, (name, value) => seen.push([name, value]));
  return seen;
}

describe('headers of a message that came', () => {
  const text = 'NATS/1.0\r\nce-id: 1\r\nwith-colon: @at 10:20:30\r\nempty:\r\nname: Zoë\r\nname:second \r\n\r\n';

  it('are read in order, trimmed, whatever a value holds', () => {
    expect(visited(received(text))).toEqual([
      ['ce-id', '1'],
      ['with-colon', '@at 10:20:30'],
      ['empty', ''],
      ['name', 'Zoë'],
      ['name', 'second'],
    ]);
  });

  it('are those that the client itself reads', () => {
    expect(visited(received(text))).toEqual(visited({ headers: MsgHdrsImpl.decode(Buffer.from(text)) }));
  });

  it('may be a status only, or none', () => {
    expect(visited(received('NATS/1.0 404 Message Not Found\r\n\r\n'))).toEqual([]);
    expect(visited(received(''))).toEqual([]);
    expect(visited({ _rdata: Buffer.from('body'), _msg: { hdr: -1 } } as WithHeaders)).toEqual([]);
    expect(visited({})).toEqual([]);
  });

  it('of a JetStream message are those of the message inside', () => {
    expect(visited({ msg: received('NATS/1.0\r\na: b\r\n\r\n') } as WithHeaders)).toEqual([['a', 'b']]);
  });
});

describe('the status of an answer', () => {
  const notFound = { headers: MsgHdrsImpl.decode(Buffer.from('NATS/1.0 404 Message Not Found\r\n\r\n')) };

  it('is what the server says instead of a message', () => {
    expect(statusOf({ ...notFound, data: Buffer.alloc(0) })).toBe(404);
  });

  it('is 0 of a message, which may have no body', () => {
    expect(statusOf({ headers: headers(), data: Buffer.alloc(0) })).toBe(0);
    expect(statusOf({ data: Buffer.alloc(0) })).toBe(0);
    expect(statusOf({ data: Buffer.from('{}') })).toBe(0);
  });
});

describe('headers of a message to be sent', () => {
  it('have the bytes that the client would give them', () => {
    const [ours, theirs] = [new NewHeaders(), headers()];
    for (const made of [ours, theirs]) {
      made.set('ce-type', 'request.accepted');
      made.set('Nats-Expected-Last-Subject-Sequence', '0');
    }
    expect(ours.encode()).toEqual(Buffer.from((theirs as MsgHdrsImpl).encode()));
  });

  it('hold the value that was set last', () => {
    const made = new NewHeaders();
    made.set('ce-type', 'request.accepted');
    made.set('ce-type', 'request.failed');
    expect(made.values('ce-type')).toEqual(['request.failed']);
  });

  it('take no value that would begin another header', () => {
    expect(() => new NewHeaders().set('reason', 'x\r\nNats-Rollup: all')).toThrow(/\\r or \\n/);
  });
});
