import { createSecretKey, type KeyObject } from 'node:crypto';
import { hmacSha256, sameSignature } from './hmac.js';

const prefix = 'whsec_';

/** Keys made lately; with bytes for a key, an HMAC costs six times as much. */
const keys = new Map<string, KeyObject>();
const maximumKeys = 10_000;

/**
 * The key of a secret as Standard Webhooks has it: the base64 behind `whsec_`, decoded. A secret without the prefix
 * is taken for base64 too, as the reference libraries do.
 */
function standardWebhooksKey(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const base64 = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const key = createSecretKey(Buffer.from(base64, 'base64'));
  if (keys.size >= maximumKeys) keys.clear();
  keys.set(secret, key);
  return key;
}

/** What Standard Webhooks signs. */
export interface StandardWebhook {
  readonly messageId: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly body: string | Buffer;
}

/** `webhook-signature`: one `v1,<base64>` for each secret, separated by spaces. */
export function standardWebhooksSignature(webhook: StandardWebhook, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${signatureOf(webhook, secret)}`).join(' ');
}

/**
 * Whether one of the signatures in `header` was made with the secret. Signatures of versions other than `v1` are
 * passed over. The caller checks that the timestamp is recent.
 */
export function verifyStandardWebhooksSignature(webhook: StandardWebhook, header: string, secret: string): boolean {
  const expected = signatureOf(webhook, secret);
  return header.split(' ').some((candidate) => {
    const [version, signature = ''] = candidate.split(',', 2);
    return version === 'v1' && sameSignature(signature, expected);
  });
}

function signatureOf({ messageId, timestamp, body }: StandardWebhook, secret: string): string {
  return hmacSha256(standardWebhooksKey(secret), [`${messageId}.${timestamp}.`, body], 'base64');
}
