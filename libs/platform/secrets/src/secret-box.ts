import { createCipheriv, createDecipheriv, createHash, randomBytes, type KeyObject } from 'node:crypto';
import type { MasterKey } from './master-key.js';

const algorithm = 'aes-256-gcm';
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** A stored secret cannot be read. The message says why and never shows any of it. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

/**
 * Encrypts what is stored: AES-256-GCM under a key derived from the master key.
 *
 * A sealed text is `v1:<key id>:<base64url of nonce, tag, ciphertext>`. The key id tells a changed master key from
 * damaged data. The purpose (which row, which column) is authenticated with it, so that a sealed text that is
 * moved to another row does not open there.
 */
export class SecretBox {
  readonly #key: KeyObject;
  readonly #keyId: string;

  constructor(masterKey: MasterKey) {
    this.#key = masterKey.derive('secret-box');
    const fingerprint = masterKey.derive('secret-box-id').export();
    this.#keyId = createHash('sha256').update(fingerprint).digest('hex').slice(0, 8);
  }

  /** Encrypts a text for one purpose; the same text never gives the same result twice. */
  seal(purpose: string, plaintext: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(this.#context(purpose));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    const payload = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
    return `${version}:${this.#keyId}:${payload.toString('base64url')}`;
  }

  /** Decrypts what `seal` made for the same purpose. Throws `SecretUnreadable`. */
  open(purpose: string, sealed: string): string {
    const [sealedVersion, keyId, text, ...rest] = sealed.split(':');
    if (sealedVersion !== version || keyId === undefined || text === undefined || rest.length > 0) {
      throw new SecretUnreadable(`The secret of ${purpose} is in a form that this version does not know.`);
    }
    if (keyId !== this.#keyId) {
      throw new SecretUnreadable(
        `The secret of ${purpose} was stored under another HEADRACE_MASTER_KEY. Start with that key, or store the secret again.`,
      );
    }
    const payload = Buffer.from(text, 'base64url');
    try {
      const nonce = payload.subarray(0, nonceBytes);
      const decipher = createDecipheriv(algorithm, this.#key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(this.#context(purpose));
      decipher.setAuthTag(payload.subarray(nonceBytes, nonceBytes + tagBytes));
      const ciphertext = payload.subarray(nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    } catch {
      // The cipher's own error says less, and its cause must not be told apart by whoever can write the row.
      throw new SecretUnreadable(`The secret of ${purpose} is damaged or belongs to something else.`);
    }
  }

  #context(purpose: string): Buffer {
    return Buffer.from(`headrace:${version}:${purpose}`, 'utf8');
  }
}
