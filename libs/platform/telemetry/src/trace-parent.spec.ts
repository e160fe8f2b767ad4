import { describe, expect, it } from '@jest/globals';
import { childTraceParent, formatTraceParent, newTraceParent, parseTraceParent } from './trace-parent.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is parsed and formatted without loss', () => {
    const text = `00-${traceId}-${spanId}-01`;
    expect(parseTraceParent(text)).toEqual({ traceId, spanId, sampled: true });
    expect(formatTraceParent({ traceId, spanId, sampled: true })).toBe(text);
    expect(parseTraceParent(`00-${traceId}-${spanId}-02`)?.sampled).toBe(false);
  });

  it('of a later version is read as far as it is known', () => {
    expect(parseTraceParent(`01-${traceId}-${spanId}-01-more`)).toEqual({ traceId, spanId, sampled: true });
  });

  it.each([
    undefined,
    '',
    traceId,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\r\nx: y`,
  ])('that is not valid is not taken: %j', (text) => {
    expect(parseTraceParent(text)).toBeUndefined();
  });

  it('made here is valid and never the same', () => {
    const made = Array.from({ length: 100 }, () => newTraceParent());
    for (const text of made) expect(parseTraceParent(text)?.sampled).toBe(true);
    expect(new Set(made).size).toBe(made.length);
  });

  it('has children in the same trace, with span ids of their own', () => {
    const child = parseTraceParent(childTraceParent(`00-${traceId}-${spanId}-00`));
    expect(child).toMatchObject({ traceId, sampled: false });
    expect(child?.spanId).not.toBe(spanId);
    expect(parseTraceParent(childTraceParent('nonsense'))).toBeDefined();
  });
});
