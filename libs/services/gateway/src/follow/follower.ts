import type { RequestIds } from './followed-request.js';

/** Who follows a request over HTTP. */
export interface Follower {
  readonly ids: RequestIds;
  /** Where he asks from. */
  readonly address: string;
  /** Id of the API key that let him in; null: the channel's token did. */
  readonly keyId: string | null;
}
