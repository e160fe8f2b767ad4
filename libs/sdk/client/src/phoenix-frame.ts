/** A message of the Phoenix channels protocol, version 2, in its text form. */
export type Frame = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: object,
];

/** Payload of the event `phx_reply`. */
export interface Reply {
  readonly status?: string;
  readonly response?: { readonly reason?: string };
}

/** The frame in what a socket got; undefined for binary frames, for those that hold no object, and for what is none. */
export function decodeFrame(data: unknown): Frame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const frame = JSON.parse(data) as unknown;
    return Array.isArray(frame) && isObject(frame[4]) ? (frame as unknown as Frame) : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
