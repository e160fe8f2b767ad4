import type { Json, RecordAddress } from '@headrace/contracts';
import type { SecretBox } from '@headrace/secrets';

/** What is remembered of a key on the routes of configuration. */
export type KeyState = { readonly fingerprint: string } & (
  | { readonly state: 'running'; readonly since: number }
  /** Nothing came of it, so the key is as good as new. */
  | { readonly state: 'free' }
  /** It failed in a way that does not tell whether it took effect. */
  | { readonly state: 'unknown' }
  | { readonly state: 'answered'; readonly status: number; readonly body: Json | undefined }
);

/**
 * Seals what is remembered: answers hold what is shown once, such as a new API key, and a fingerprint could tell a
 * guesser of a secret in a body that the guess was right.
 */
export const sealState = (box: SecretBox, address: RecordAddress, state: KeyState): string =>
  box.seal(purposeOf(address), JSON.stringify(state));

/** What `sealState` made. Throws `SecretUnreadable` under another master key. */
export const openState = (box: SecretBox, address: RecordAddress, sealed: Json): KeyState =>
  JSON.parse(box.open(purposeOf(address), sealed as string)) as KeyState;

const purposeOf = ({ project, key }: RecordAddress): string => `idempotency:${project}:${key}`;
