import { projectTopic, type ProjectTokenClaims } from '@headrace/contracts';
import { MasterKey } from './master-key.js';
import { TokenSigner } from './signed-token.js';

/** What a project's token says, with its end: `exp` in unix seconds. */
export type VerifiedProjectToken = ProjectTokenClaims & { readonly exp: number };

/** What a token turned out to be. An expired one was made by us: its claims can be trusted, its time is over. */
export type ProjectTokenVerdict =
  { readonly status: 'valid' | 'expired'; readonly claims: VerifiedProjectToken } | { readonly status: 'invalid' };

const invalid: ProjectTokenVerdict = { status: 'invalid' };

/**
 * Makes and checks tokens with which a dashboard joins the topic of its project. Their key is not that of `ws_token`s:
 * who follows one request can never pass for who follows all of them, nor the other way round.
 */
export class ProjectTokens {
  readonly #signer: TokenSigner<VerifiedProjectToken>;
  readonly #lifetimeSeconds: number;

  /** `lifetimeSeconds` is the time in which a token may be used to join. Throws `MasterKeyInvalid`. */
  constructor(masterKey: MasterKey | string, lifetimeSeconds = 300) {
    this.#signer = new TokenSigner(MasterKey.of(masterKey).derive('project-token'));
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** A token for one project, made with one of its keys or by the administrator (null), and its end. */
  mint(project: string, keyId: string | null, now: Date): { readonly token: string; readonly expiresAt: Date } {
    const exp = Math.floor(now.getTime() / 1_000) + this.#lifetimeSeconds;
    const token = this.#signer.sign({ project_id: project, topic: projectTopic(project), key_id: keyId, exp });
    return { token, expiresAt: new Date(exp * 1_000) };
  }

  /** Whether a token is ours, and whether its time is over at `now`. */
  verify(token: string, now: Date): ProjectTokenVerdict {
    const { project_id, topic, key_id = null, exp } = this.#signer.read(token) ?? {};
    if (typeof project_id !== 'string' || typeof topic !== 'string' || typeof exp !== 'number') return invalid;
    return { status: now.getTime() < exp * 1_000 ? 'valid' : 'expired', claims: { project_id, topic, key_id, exp } };
  }
}
