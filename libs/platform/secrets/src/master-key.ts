import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Shorter texts are too easy to guess to protect a database with. */
const minimumLength = 32;

/** HEADRACE_MASTER_KEY is missing or too short. The message says what to do and never repeats the key. */
export class MasterKeyInvalid extends Error {
  override readonly name = 'MasterKeyInvalid';
}

/**
 * The operator's one secret, from which every other key of the system is derived: one per purpose, so that a
 * key learnt in one place opens nothing elsewhere.
 */
export class MasterKey {
  readonly #root: KeyObject;

  private constructor(text: string) {
    this.#root = createSecretKey(text, 'utf8');
  }

  /** The master key from the text of HEADRACE_MASTER_KEY. Throws `MasterKeyInvalid`. */
  static fromText(text: string | undefined): MasterKey {
    if (text === undefined || text.length < minimumLength) {
      throw new MasterKeyInvalid(
        `HEADRACE_MASTER_KEY must be set to a secret of at least ${minimumLength} characters, the same in every process. ` +
          'Make one with: openssl rand -base64 32',
      );
    }
    return new MasterKey(text);
  }

  /** A master key, or the one that a text makes. Throws `MasterKeyInvalid`. */
  static of(key: MasterKey | string): MasterKey {
    return typeof key === 'string' ? MasterKey.fromText(key) : key;
  }

  /** 32 bytes for one purpose (HKDF-SHA256, RFC 5869): the same purpose always gives the same bytes. */
  derive(purpose: string): KeyObject {
    return createSecretKey(Buffer.from(hkdfSync('sha256', this.#root, 'headrace', purpose, 32)));
  }
}
