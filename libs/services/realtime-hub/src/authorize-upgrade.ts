import type { ChannelTokens, ProjectTokens } from '@headrace/secrets';
import type { ConnectOutcome, ConnectRequest } from './phoenix/phoenix-options.js';
import type { TokenSession } from './response-channel/token-session.js';

/**
 * Lets a socket in that shows a token of ours, as `?token=` or as subprotocol. An expired one is let in too and
 * refused at its joins: a client whose upgrade fails tries for ever, one that is parked only sends heartbeats.
 */
export async function authorizeUpgrade(
  tokens: Pick<ChannelTokens, 'verify'>,
  projectTokens: Pick<ProjectTokens, 'verify'>,
  { params, authToken }: ConnectRequest,
  now: Date,
): Promise<ConnectOutcome<TokenSession>> {
  const token = params.get('token') ?? authToken ?? '';
  const verdict = await tokens.verify(token, now);
  if (verdict.status === 'invalid') return authorizeDashboard(projectTokens, token, now);
  const { project_id: project, channel_id: channel, exp: expiresAt } = verdict.claims;
  return { session: { project, channel, expiresAt, grants: 'channel' } };
}

/** A dashboard shows a token of its project. It has no channel, and what stands for one is no UUID, so none matches. */
function authorizeDashboard(
  tokens: Pick<ProjectTokens, 'verify'>,
  token: string,
  now: Date,
): ConnectOutcome<TokenSession> {
  const verdict = tokens.verify(token, now);
  if (verdict.status === 'invalid') return { refuse: { status: 403 } };
  const { project_id: project, topic, key_id: keyId, exp: expiresAt } = verdict.claims;
  return { session: { project, channel: topic, expiresAt, grants: 'project', keyId } };
}
