import type { ChannelIds } from './response-topic.js';

/** What the hub keeps of a socket's token: not the token itself. */
export interface TokenSession extends ChannelIds {
  /** End of the token, unix seconds. */
  readonly expiresAt: number;
  /** Whether it was given for one channel, or for the topic of its project; then `channel` is the id of none. */
  readonly grants: 'channel' | 'project';
  /** Of a token for a project: the id of the API key that it was made with; null: the administrator made it. */
  readonly keyId?: string | null;
}

/** Whether a token's own time is over. */
export const isExpired = (session: TokenSession, now: Date): boolean => now.getTime() >= session.expiresAt * 1_000;
