import { invalidFields } from '@headrace/http';

/** The round that a callback names in its address; undefined when it names none. */
export function roundOf(query: unknown): number | undefined {
  if (query === undefined) return undefined;
  if (typeof query === 'string' && /^\d{1,6}$/.test(query)) return Number(query);
  throw invalidFields([
    { param: 'round', message: 'round must be a number. Call the callback_url of the webhook as it is.' },
  ]);
}
