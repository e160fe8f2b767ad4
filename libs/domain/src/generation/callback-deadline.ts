/** The last instant whose text still sorts by time; a window beyond it means "for ever". */
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Until when a backend may call back, ISO 8601. `from`: milliseconds since 1970; `windowMs`: the window, unscaled;
 * `timeScale` divides it (HEADRACE_TIME_SCALE).
 */
export function callbackDeadlineFrom(from: number, windowMs: number, timeScale: number): string {
  return new Date(Math.min(from + Math.ceil(windowMs / timeScale), latest)).toISOString();
}
