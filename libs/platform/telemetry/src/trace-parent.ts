import { randomFillSync } from 'node:crypto';

/** A parsed W3C `traceparent`. */
export interface TraceParent {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the span that speaks. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Trace Context, section 3.2; ids of zeros only and version ff are not valid. */
const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The parts of a `traceparent`; undefined when it is not valid. */
export function parseTraceParent(text: string | undefined): TraceParent | undefined {
  const [, version, traceId, spanId, flags, more] = pattern.exec(text ?? '') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  // Only a later version may say more than the four parts.
  if (more !== undefined && version === '00') return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A `traceparent` in version 00. */
export function formatTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** The start of a new trace. Sampled, so that receivers who record their part are not told otherwise. */
export function newTraceParent(): string {
  const ids = randomHex(24);
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}

/** The same trace with a new span id; a new trace when `parent` is not valid. */
export function childTraceParent(parent: string | undefined): string {
  const parsed = parseTraceParent(parent);
  return parsed ? formatTraceParent({ ...parsed, spanId: randomHex(8) }) : newTraceParent();
}

/** Random bytes in store: asking the system for each id costs many times the id. */
const pool = Buffer.alloc(6_144);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.toString('hex', used, (used += bytes));
}
