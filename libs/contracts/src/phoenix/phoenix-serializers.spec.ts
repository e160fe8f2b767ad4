import { describe, expect, it } from '@jest/globals';
import { FrameError, PreparedJson, type EncodedFrame } from './frame.js';
import { negotiateSerializer } from './negotiate-serializer.js';
import { serializerV1 } from './serializer-v1.js';
import { serializerV2 } from './serializer-v2.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const hexOf = (frame: EncodedFrame): string => Buffer.from(frame as Uint8Array).toString('hex');
const json = (frame: EncodedFrame): unknown => JSON.parse(frame as string);

describe('version 2', () => {
  it('reads an array of five', () => {
    expect(serializerV2.decode('["9","2","ai:t","echo",{"a":1}]')).toEqual({
      joinRef: '9',
      ref: '2',
      topic: 'ai:t',
      event: 'echo',
      payload: { a: 1 },
    });
  });

  it('ignores elements after the fifth', () => {
    expect(serializerV2.decode('[null,"1","phoenix","heartbeat",{},"extra"]').ref).toBe('1');
  });

  it.each(['null', '"str"', '[1]', '{}'])('takes the payload %s', (payload) => {
    expect(serializerV2.decode(`["1","2","ai:t","echo",${payload}]`).payload).toEqual(JSON.parse(payload));
  });

  it('keeps a numeric ref a number, in and out', () => {
    const { joinRef, ref } = serializerV2.decode('[1,2,"ai:t","echo",{}]');
    expect(json(serializerV2.encodeReply({ joinRef, ref, topic: 'ai:t', status: 'ok', response: {} }))).toEqual([
      1,
      2,
      'ai:t',
      'phx_reply',
      { status: 'ok', response: {} },
    ]);
  });

  it.each([
    '{nope',
    '{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"1"}',
    '[null,"1","phoenix","heartbeat"]',
    '[null,"1",7,"heartbeat",{}]',
    '[{},"1","phoenix","heartbeat",{}]',
    `["${'9'.repeat(256)}","1","phoenix","heartbeat",{}]`,
  ])('refuses %.40s', (text) => {
    expect(() => serializerV2.decode(text)).toThrow(FrameError);
  });

  it('reads the recorded binary push', () => {
    expect(serializerV2.decode(hex('0001010404313261693a746563686f0102ff'))).toEqual({
      joinRef: '1',
      ref: '2',
      topic: 'ai:t',
      event: 'echo',
      payload: hex('0102ff'),
    });
  });

  it('reads empty binary refs as null', () => {
    expect(serializerV2.decode(hex('000000010161620a'))).toMatchObject({ joinRef: null, ref: null, topic: 'a' });
  });

  it.each(['', '00', '000909', '00010104043132', '0001010404313261693a746563', '0101010402313261693a746f6b'])(
    'refuses the binary frame "%s"',
    (bytes) => {
      expect(() => serializerV2.decode(hex(bytes))).toThrow(FrameError);
    },
  );

  it('writes the recorded binary reply, push and broadcast', () => {
    const reply = { joinRef: '1', ref: '2', topic: 'ai:t', status: 'ok', response: hex('0102ff') } as const;
    expect(hexOf(serializerV2.encodeReply(reply))).toBe('0101010402313261693a746f6b0102ff');
    const push = { joinRef: '1', ref: null, topic: 'ai:t', event: 'bin', payload: hex('010203') };
    expect(hexOf(serializerV2.encodePush(push))).toBe('000104033161693a7462696e010203');
    const broadcast = { topic: 'ai:t', event: 'bcast', payload: hex('090807') };
    expect(hexOf(serializerV2.encodeBroadcast(broadcast))).toBe('02040561693a746263617374090807');
  });

  it('cannot put more than 255 bytes into a field of a binary frame', () => {
    const push = { joinRef: '1', ref: null, topic: 'ü'.repeat(128), event: 'bin', payload: hex('01') };
    expect(() => serializerV2.encodePush(push)).toThrow(RangeError);
  });

  it('takes fields of 255, the most that a length byte tells', () => {
    const topic = 't'.repeat(255);
    expect(serializerV2.decode(`["1","2","${topic}","echo",{}]`).topic).toBe(topic);
    const push = { joinRef: '1', ref: null, topic, event: 'bin', payload: hex('01') };
    expect(hexOf(serializerV2.encodePush(push)).startsWith('0001ff03')).toBe(true);
  });

  it('writes prepared JSON as it is', () => {
    const payload = new PreparedJson('{"a":1.0}');
    const push = { joinRef: '1', ref: null, topic: 'a"b', event: 'pushed', payload };
    expect(serializerV2.encodePush(push)).toBe('["1",null,"a\\"b","pushed",{"a":1.0}]');
  });

  it('writes a broadcast without refs', () => {
    const frame = serializerV2.encodeBroadcast({ topic: 'ai:t', event: 'bcast', payload: { b: 2 } });
    expect(json(frame)).toEqual([null, null, 'ai:t', 'bcast', { b: 2 }]);
  });
});

describe('version 1', () => {
  it('reads an object, with or without a join_ref', () => {
    const frame = '{"topic":"ai:t","event":"phx_join","payload":{},"ref":"1"';
    expect(serializerV1.decode(`${frame}}`)).toMatchObject({ joinRef: null, ref: '1', topic: 'ai:t' });
    expect(serializerV1.decode(`${frame},"join_ref":"7"}`)).toMatchObject({ joinRef: '7' });
  });

  it.each(['topic', 'event', 'payload', 'ref'])('refuses a frame without %s', (missing) => {
    const frame: Record<string, unknown> = { topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1' };
    delete frame[missing];
    expect(() => serializerV1.decode(JSON.stringify(frame))).toThrow(FrameError);
  });

  it.each(['[null,"1","phoenix","heartbeat",{}]', 'null', '7', ''])('refuses "%s"', (text) => {
    expect(() => serializerV1.decode(text)).toThrow(FrameError);
  });

  it('refuses binary frames and cannot write them', () => {
    expect(() => serializerV1.decode(hex('00'))).toThrow(FrameError);
    const frame = '{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"1"}';
    expect(() => serializerV1.decode(Buffer.from(frame))).toThrow(FrameError);
    const push = { joinRef: '1', ref: null, topic: 'ai:t', event: 'bin', payload: hex('01') };
    expect(() => serializerV1.encodePush(push)).toThrow(RangeError);
  });

  it('never writes a join_ref', () => {
    const push = { joinRef: '1', ref: null, topic: 'ai:t', event: 'pushed', payload: { b: 1 } };
    expect(json(serializerV1.encodePush(push))).toEqual({
      event: 'pushed',
      payload: { b: 1 },
      ref: null,
      topic: 'ai:t',
    });
    const reply = { joinRef: '1', ref: '2', topic: 'ai:t', status: 'error', response: { reason: 'x' } } as const;
    expect(json(serializerV1.encodeReply(reply))).toEqual({
      event: 'phx_reply',
      payload: { response: { reason: 'x' }, status: 'error' },
      ref: '2',
      topic: 'ai:t',
    });
  });
});

describe('version negotiation', () => {
  it.each([
    ['', '1.0.0'],
    ['vsn=1.0.0', '1.0.0'],
    ['vsn=1.0.9', '1.0.0'],
    ['vsn=2.0.0', '2.0.0'],
    ['vsn=2.0.5', '2.0.0'],
    ['vsn=abc&vsn=2.0.0', '2.0.0'],
  ])('answers "%s" with %s', (query, version) => {
    expect(negotiateSerializer(new URLSearchParams(query))?.version).toBe(version);
  });

  it.each(['1.1.0', '2.1.0', '3.0.0', '123.1.1', 'abc', '2', '', '2.0.0x'])('refuses vsn "%s"', (version) => {
    expect(negotiateSerializer(new URLSearchParams({ vsn: version }))).toBeUndefined();
  });

  it('refuses a nested vsn', () => {
    expect(negotiateSerializer(new URLSearchParams('vsn[]=2.0.0'))).toBeUndefined();
  });
});
