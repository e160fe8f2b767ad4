const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Whether a value is a time as clients write it; a repeated parameter of a query, for example, is no text. */
export const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value));

/** What is wrong with a field that should be a time. */
export const instantMessage = (param: string): string => `${param} must be a time such as 2026-01-31T12:00:00Z.`;
