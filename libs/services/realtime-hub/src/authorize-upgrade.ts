import type { ChannelTokens } from '@headrace/secrets';
import type { ConnectOutcome, ConnectRequest } from './phoenix/phoenix-options.js';
import type { TokenSession } from './response-channel/token-session.js';

/**
 * Lets a socket in that shows a token of ours, as `?token=` or as subprotocol. An expired one is let in too and
 * refused at its joins: a client whose upgrade fails tries for ever, one that is parked only sends heartbeats.
 */
export async function authorizeUpgrade(
  tokens: Pick<ChannelTokens, 'verify'>,
  { params, authToken }: ConnectRequest,
  now: Date,
): Promise<ConnectOutcome<TokenSession>> {
  const verdict = await tokens.verify(params.get('token') ?? authToken ?? '', now);
  if (verdict.status === 'invalid') return { refuse: { status: 403 } };
  const { project_id: project, channel_id: channel, exp: expiresAt } = verdict.claims;
  return { session: { project, channel, expiresAt } };
}
