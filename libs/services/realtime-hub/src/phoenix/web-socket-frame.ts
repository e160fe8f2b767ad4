import type { EncodedFrame } from '@headrace/contracts';

const opcodes = { text: 1, binary: 2 } as const;
const lastFragment = 0x80;
/** A length up to this stands in the second byte; this and the next value say that it follows in two or eight. */
const longestShort = 125;
const longestMedium = 0xffff;

/** A whole WebSocket frame (RFC 6455 section 5.2), as a server sends it: not masked, not compressed. */
export function webSocketFrame(frame: EncodedFrame): Buffer {
  const isText = typeof frame === 'string';
  const length = isText ? Buffer.byteLength(frame) : frame.length;
  const start = length <= longestShort ? 2 : length <= longestMedium ? 4 : 10;
  const bytes = Buffer.allocUnsafe(start + length);
  bytes[0] = lastFragment | (isText ? opcodes.text : opcodes.binary);
  if (start === 2) bytes[1] = length;
  else if (start === 4) {
    bytes[1] = longestShort + 1;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = longestShort + 2;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  if (isText) bytes.write(frame, start);
  else bytes.set(frame, start);
  return bytes;
}
