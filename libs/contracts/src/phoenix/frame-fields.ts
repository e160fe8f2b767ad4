import { FrameError, longestField, PreparedJson, type FrameRef, type ServerPayload } from './frame.js';

/** The JSON value of a text frame. Throws `FrameError`. */
export function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FrameError('The frame is not JSON.');
  }
}

/** A ref as it came. Throws `FrameError` for what could not be a ref: servers keep it for as long as a join lasts. */
export function refField(value: unknown): FrameRef {
  if (value === null || typeof value === 'number') return value;
  return textField(value, 'ref');
}

/** A topic or an event name. Throws `FrameError`. */
export function textField(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new FrameError(`The frame's ${name} is not text.`);
  if (value.length > longestField) throw new FrameError(`The frame's ${name} is longer than ${longestField}.`);
  return value;
}

/** A payload as JSON text, or undefined when it is bytes. */
export function jsonOf(payload: ServerPayload): string | undefined {
  if (payload instanceof PreparedJson) return payload.json;
  if (payload instanceof Uint8Array) return undefined;
  return JSON.stringify(payload);
}
