/**
 * The wait that a `Retry-After` header asks for, in milliseconds: a number of seconds or a date (RFC 9110 section
 * 10.2.3). Null when there is none or it says nothing; 0 for a date in the past. `nowMs` is the time of the answer.
 */
export function retryAfterMsOf(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // Every date form of HTTP begins with the day's name; Date.parse alone would take "1.5" for a month.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
