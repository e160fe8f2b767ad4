import { createHash } from 'node:crypto';

/** Mistral takes ids of tool calls of nine letters and digits only; those of other providers become such. */
export const mistralCallId = (id: string): string =>
  /^[A-Za-z0-9]{9}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
