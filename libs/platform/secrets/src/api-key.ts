import { hash, randomBytes } from 'node:crypto';

/** What new API keys start with. Old keys of any form stay good (CONTRACT section 1). */
export const apiKeyPrefix = 'mr_live_';

/** Characters of a key that are stored and shown, so that people can tell their keys apart. */
const shownCharacters = apiKeyPrefix.length + 4;

/** A new API key: 256 random bits behind the prefix. */
export const newApiKey = (): string => `${apiKeyPrefix}${randomBytes(32).toString('base64url')}`;

/**
 * SHA-256 of an API key in lower-case hex, as it is stored. A fast hash is right here: the keys are random, and
 * each request hashes one. Looking a hash up leaks no time about any key, since nobody can steer its digits.
 */
export const hashApiKey = (apiKey: string): string => hash('sha256', apiKey, 'hex');

/** The start of a key as it may be shown. Keys too short to hide anything behind it show nothing. */
export const shownPrefixOf = (apiKey: string): string =>
  apiKey.length >= 2 * shownCharacters ? `${apiKey.slice(0, shownCharacters)}…` : '…';
