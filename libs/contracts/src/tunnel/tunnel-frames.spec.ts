import { describe, expect, it } from '@jest/globals';
import { answerBodyLimit, clientFrameLimit, decodeClientFrame, decodeServerFrame } from './tunnel-frames.js';

const session = `lsn_${'a'.repeat(22)}`;
const hello = { type: 'hello', protocol: 1 };

describe('frames of a client', () => {
  it.each([
    [hello],
    [{ ...hello, session, secret: `whsec_${'A'.repeat(32)}`, events: ['task.completed'], workflows: ['demo'] }],
    [{ type: 'answer', id: 'dlv_1.1', status: 204, retry_after: null, body: '', duration_ms: 3 }],
    [{ type: 'failure', id: 'dlv_1.1', code: 'connection_refused', message: 'Nobody listens.', duration_ms: 0 }],
    [{ type: 'bye' }],
  ])('are read as they were sent: %j', (frame) => {
    expect(decodeClientFrame(JSON.stringify(frame))).toEqual(frame);
  });

  it.each([
    ['no JSON', 'hello', 'A frame is a JSON object.', null],
    ['no object', '[]', "A frame's type is one of hello, answer, failure, bye.", 'type'],
    ['the type of a server', '{"type":"welcome"}', "A frame's type is one of", 'type'],
    ['an unknown webhook type', { ...hello, events: ['task.done'] }, 'choose from task.completed', 'events'],
    ['a session id of another form', { ...hello, session: 'lsn_.>' }, 'session must match', 'session'],
    ['a short secret', { ...hello, secret: 'whsec_QQ==' }, 'base64 of at least 24 bytes', 'secret'],
    ['a status that is none', { type: 'answer', id: '1', status: 42 }, '', 'status'],
  ])('are refused with the field in words when they are %s', (_, frame, message, param) => {
    const text =
      typeof frame === 'string' ? frame : JSON.stringify({ retry_after: null, body: '', duration_ms: 0, ...frame });
    expect(() => decodeClientFrame(text)).toThrow(
      expect.objectContaining({ param, message: expect.stringContaining(message) }),
    );
  });

  it('fit into the limit however their body is written', () => {
    const body = '\u0000'.repeat(answerBodyLimit);
    const frame = {
      type: 'answer',
      id: 'd'.repeat(200),
      status: 200,
      retry_after: 'x'.repeat(200),
      body,
      duration_ms: 1,
    };
    expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThan(clientFrameLimit);
    expect(decodeClientFrame(JSON.stringify(frame))).toEqual(frame);
  });
});

describe('frames of a server', () => {
  it('carry a body whose bytes survive', () => {
    const body = '{"a":"\\u00fc\\/","b":"ü€😀"}';
    const frame = {
      type: 'webhook',
      id: 'dlv_1.2',
      webhook_type: 'task.completed',
      channel_id: 'c',
      delivery_id: 'dlv_1',
      attempt: 2,
      time_limit_ms: 30_000,
      headers: { 'mr-signature': 'ab' },
      body,
    };
    const read = decodeServerFrame(JSON.stringify(frame));
    expect(read.type === 'webhook' && Buffer.from(read.body).equals(Buffer.from(body))).toBe(true);
  });

  it('are refused when they are a client’s', () => {
    expect(() => decodeServerFrame('{"type":"bye"}')).toThrow('welcome, webhook, refused');
  });
});
