import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { channelTopic, type ChannelTokenClaims } from '@headrace/contracts';
import { MasterKey } from './master-key.js';

/** What a token says, with its end: `exp` in unix seconds. */
export type VerifiedChannelToken = ChannelTokenClaims & { readonly exp: number };

/** What a token turned out to be. An expired one was made by us: its claims can be trusted, its time is over. */
export type ChannelTokenVerdict =
  { readonly status: 'valid' | 'expired'; readonly claims: VerifiedChannelToken } | { readonly status: 'invalid' };

const invalid: ChannelTokenVerdict = { status: 'invalid' };

/** Longer texts are not looked at: ours have about 350 characters. */
const maximumLength = 2_048;

/** All our tokens begin with this: a token under any other header or algorithm was not made here. */
const header = encode({ alg: 'HS256', typ: 'JWT' });

/**
 * Makes and checks `ws_token`s: HS256 JWTs bound to one channel (CONTRACT section 3).
 *
 * Signed with node:crypto, not with a JWT library: a token is minted in every `POST /v1/ai/async`, and a synchronous
 * HMAC over a fixed header took 3 µs where jose, which goes through WebCrypto's thread pool, took 75 µs (Node 24).
 * With one algorithm and one header there is nothing to negotiate, so nothing to get wrong.
 */
export class ChannelTokens {
  readonly #key: KeyObject;
  readonly #lifetimeSeconds: number;

  /** `lifetimeSeconds` is the time to first use. Throws `MasterKeyInvalid`. */
  constructor(masterKey: MasterKey | string, lifetimeSeconds = 300) {
    const root = typeof masterKey === 'string' ? MasterKey.fromText(masterKey) : masterKey;
    this.#key = root.derive('channel-token');
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** A token for one channel, good for its lifetime from `now`. */
  mint(project: string, channel: string, now: Date): Promise<string> {
    const payload: VerifiedChannelToken = {
      project_id: project,
      channel_id: channel,
      topic: channelTopic(project, channel),
      exp: Math.floor(now.getTime() / 1_000) + this.#lifetimeSeconds,
    };
    const signed = `${header}.${encode(payload)}`;
    return Promise.resolve(`${signed}.${this.#sign(signed)}`);
  }

  /** Whether a token is ours, and whether its time is over at `now`. */
  verify(token: string, now: Date): Promise<ChannelTokenVerdict> {
    return Promise.resolve(this.#verdict(token, now));
  }

  #verdict(token: string, now: Date): ChannelTokenVerdict {
    if (token.length > maximumLength) return invalid;
    const end = token.lastIndexOf('.');
    const signed = token.slice(0, Math.max(end, 0));
    if (!signed.startsWith(`${header}.`)) return invalid;
    // Compared as text: the last character has spare bits, so other texts decode to the same bytes.
    const signature = Buffer.from(token.slice(end + 1));
    const expected = Buffer.from(this.#sign(signed));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return invalid;
    const claims = parseClaims(signed.slice(header.length + 1));
    if (claims === undefined) return invalid;
    return { status: now.getTime() < claims.exp * 1_000 ? 'valid' : 'expired', claims };
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The claims of a payload that is ours by its signature; undefined for one that another version of us made. */
function parseClaims(payload: string): VerifiedChannelToken | undefined {
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Partial<VerifiedChannelToken>;
    const { project_id, channel_id, topic, exp } = claims;
    if (typeof project_id !== 'string' || typeof channel_id !== 'string') return undefined;
    if (typeof topic !== 'string' || typeof exp !== 'number') return undefined;
    return { project_id, channel_id, topic, exp };
  } catch {
    return undefined;
  }
}
