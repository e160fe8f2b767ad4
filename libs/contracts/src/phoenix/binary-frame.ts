import { FrameError, longestField, type ClientFrame, type FrameRef } from './frame.js';

/** First byte of a binary frame of version 2. */
export const frameKind = { push: 0, reply: 1, broadcast: 2 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Reads a client's binary push: `00`, the lengths of join_ref, ref, topic and event in one byte each,
 * the four texts, the data. An empty ref means null. Throws `FrameError`.
 */
export function decodeBinaryPush(frame: Uint8Array): ClientFrame {
  const [kind, ...lengths] = frame.subarray(0, 5);
  if (kind !== frameKind.push || lengths.length < 4) throw new FrameError('The binary frame has no push header.');
  let offset = 5;
  const texts = lengths.map((length) => {
    const bytes = frame.subarray(offset, offset + length);
    if (bytes.length < length) throw new FrameError('The binary frame ends within its header.');
    offset += length;
    return decoder.decode(bytes);
  });
  const [joinRef = '', ref = '', topic = '', event = ''] = texts;
  return { joinRef: joinRef || null, ref: ref || null, topic, event, payload: frame.subarray(offset) };
}

/** A server's binary frame: its kind, one length byte per field, the fields, the data. Throws `RangeError`. */
export function encodeBinary(kind: number, fields: readonly FrameRef[], data: Uint8Array): Uint8Array {
  const texts = fields.map((field) => encoder.encode(field === null ? '' : String(field)));
  for (const text of texts) {
    if (text.length > longestField) {
      throw new RangeError(`A field of a binary frame has at most ${longestField} bytes, this one ${text.length}.`);
    }
  }
  const header = 1 + texts.length;
  const frame = new Uint8Array(texts.reduce((sum, text) => sum + text.length, header) + data.length);
  frame[0] = kind;
  let offset = header;
  texts.forEach((text, index) => {
    frame[1 + index] = text.length;
    frame.set(text, offset);
    offset += text.length;
  });
  frame.set(data, offset);
  return frame;
}
