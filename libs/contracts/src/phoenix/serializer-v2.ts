import type { Json } from '../schema/json.js';
import { decodeBinaryPush, encodeBinary, frameKind } from './binary-frame.js';
import { jsonOf, parseFrame, refField, textField } from './frame-fields.js';
import { FrameError, phoenixEvents, type FrameRef, type Serializer } from './frame.js';

/** Version 2: `[join_ref, ref, topic, event, payload]` as text, more elements are ignored; or binary frames. */
export const serializerV2: Serializer = {
  version: '2.0.0',

  decode(data) {
    if (typeof data !== 'string') return decodeBinaryPush(data);
    const value = parseFrame(data);
    if (!Array.isArray(value) || value.length < 5) throw new FrameError('A frame of version 2 is an array of five.');
    const [joinRef, ref, topic, event, payload] = value as unknown[];
    return {
      joinRef: refField(joinRef),
      ref: refField(ref),
      topic: textField(topic, 'topic'),
      event: textField(event, 'event'),
      payload: payload as Json,
    };
  },

  encodeReply({ joinRef, ref, topic, status, response }) {
    const json = jsonOf(response);
    return json === undefined
      ? encodeBinary(frameKind.reply, [joinRef, ref, topic, status], response as Uint8Array)
      : encode(joinRef, ref, topic, phoenixEvents.reply, `{"status":"${status}","response":${json}}`);
  },

  encodePush({ joinRef, ref, topic, event, payload }) {
    const json = jsonOf(payload);
    return json === undefined
      ? encodeBinary(frameKind.push, [joinRef, topic, event], payload as Uint8Array)
      : encode(joinRef, ref, topic, event, json);
  },

  encodeBroadcast({ topic, event, payload }) {
    const json = jsonOf(payload);
    return json === undefined
      ? encodeBinary(frameKind.broadcast, [topic, event], payload as Uint8Array)
      : encode(null, null, topic, event, json);
  },
};

const encode = (joinRef: FrameRef, ref: FrameRef, topic: string, event: string, payload: string): string =>
  `[${JSON.stringify(joinRef)},${JSON.stringify(ref)},${JSON.stringify(topic)},${JSON.stringify(event)},${payload}]`;
