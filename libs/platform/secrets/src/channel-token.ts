import { channelTopic, type ChannelTokenClaims } from '@headrace/contracts';
import { MasterKey } from './master-key.js';
import { TokenSigner } from './signed-token.js';

/** What a token says, with its end: `exp` in unix seconds. */
export type VerifiedChannelToken = ChannelTokenClaims & { readonly exp: number };

/** What a token turned out to be. An expired one was made by us: its claims can be trusted, its time is over. */
export type ChannelTokenVerdict =
  { readonly status: 'valid' | 'expired'; readonly claims: VerifiedChannelToken } | { readonly status: 'invalid' };

const invalid: ChannelTokenVerdict = { status: 'invalid' };

/** Makes and checks `ws_token`s: HS256 JWTs bound to one channel (CONTRACT section 3). */
export class ChannelTokens {
  readonly #signer: TokenSigner<VerifiedChannelToken>;
  readonly #lifetimeSeconds: number;

  /** `lifetimeSeconds` is the time to first use. Throws `MasterKeyInvalid`. */
  constructor(masterKey: MasterKey | string, lifetimeSeconds = 300) {
    this.#signer = new TokenSigner(MasterKey.of(masterKey).derive('channel-token'));
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** A token for one channel, good for its lifetime from `now`. */
  mint(project: string, channel: string, now: Date): Promise<string> {
    const exp = Math.floor(now.getTime() / 1_000) + this.#lifetimeSeconds;
    const topic = channelTopic(project, channel);
    return Promise.resolve(this.#signer.sign({ project_id: project, channel_id: channel, topic, exp }));
  }

  /** Whether a token is ours, and whether its time is over at `now`. */
  verify(token: string, now: Date): Promise<ChannelTokenVerdict> {
    return Promise.resolve(this.#verdict(token, now));
  }

  #verdict(token: string, now: Date): ChannelTokenVerdict {
    const { project_id, channel_id, topic, exp } = this.#signer.read(token) ?? {};
    if (typeof project_id !== 'string' || typeof channel_id !== 'string') return invalid;
    if (typeof topic !== 'string' || typeof exp !== 'number') return invalid;
    const status = now.getTime() < exp * 1_000 ? 'valid' : 'expired';
    return { status, claims: { project_id, channel_id, topic, exp } };
  }
}
