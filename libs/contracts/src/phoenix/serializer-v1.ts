import type { Json } from '../schema/json.js';
import { jsonOf, parseFrame, refField, textField } from './frame-fields.js';
import { FrameError, phoenixEvents, type FrameRef, type Serializer, type ServerPayload } from './frame.js';

/**
 * Version 1: `{topic, event, payload, ref}` as text. A client may add `join_ref`; the server never sends one.
 * It has no binary form.
 */
export const serializerV1: Serializer = {
  version: '1.0.0',

  decode(data) {
    if (typeof data !== 'string') throw new FrameError('Version 1 has no binary frames.');
    const value = parseFrame(data);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FrameError('A frame of version 1 is an object.');
    }
    const fields = value as Record<string, unknown>;
    if (!('payload' in fields) || !('ref' in fields)) throw new FrameError('The frame lacks payload or ref.');
    return {
      joinRef: refField(fields.join_ref ?? null),
      ref: refField(fields.ref),
      topic: textField(fields.topic, 'topic'),
      event: textField(fields.event, 'event'),
      payload: fields.payload as Json,
    };
  },

  encodeReply({ ref, topic, status, response }) {
    return encode(topic, phoenixEvents.reply, `{"status":"${status}","response":${textOf(response)}}`, ref);
  },

  encodePush({ ref, topic, event, payload }) {
    return encode(topic, event, textOf(payload), ref);
  },

  encodeBroadcast({ topic, event, payload }) {
    return encode(topic, event, textOf(payload), null);
  },
};

const encode = (topic: string, event: string, payload: string, ref: FrameRef): string =>
  `{"topic":${JSON.stringify(topic)},"event":${JSON.stringify(event)},"payload":${payload},"ref":${JSON.stringify(ref)}}`;

function textOf(payload: ServerPayload): string {
  const json = jsonOf(payload);
  if (json === undefined) throw new RangeError('Version 1 cannot carry bytes; send JSON to this socket.');
  return json;
}
