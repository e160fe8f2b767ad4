import { MasterKey } from './master-key.js';
import { TokenSigner } from './signed-token.js';

/** What the token of a long-poll session says. */
export interface LongPollTokenClaims {
  /** Name of the hub that has the session. */
  readonly hub: string;
  /** Names the session at its hub. */
  readonly session: string;
}

/**
 * Makes and checks the tokens of long-poll sessions, with a key of their own. A hub asks another one on the word of such
 * a token alone, so nobody else can make one: what a stranger sends is asked of nobody.
 */
export class LongPollTokens {
  readonly #signer: TokenSigner<LongPollTokenClaims>;

  /** Throws `MasterKeyInvalid`. */
  constructor(masterKey: MasterKey | string) {
    this.#signer = new TokenSigner(MasterKey.of(masterKey).derive('long-poll-token'));
  }

  /** The token of a session. */
  mint({ hub, session }: LongPollTokenClaims): string {
    return this.#signer.sign({ hub, session });
  }

  /** Which session a token is of; undefined when it was not made by us. Whether there still is one, its hub knows. */
  read(token: string): LongPollTokenClaims | undefined {
    const { hub, session } = this.#signer.read(token) ?? {};
    return typeof hub === 'string' && typeof session === 'string' ? { hub, session } : undefined;
  }
}
