import type { TokenPayload } from './types.js';

/** Reads the claims of a token, without checking its signature: only the server can. Throws on what is no token. */
export function decodeToken(token: string): TokenPayload {
  const parts = typeof token === 'string' ? token.split('.') : [];
  if (parts.length !== 3) throw new Error('Invalid token: a JWT has 3 parts');
  const claims = claimsOf(parts[1] ?? '');
  const { project_id, channel_id, exp } = claims;
  if (!project_id || !channel_id) throw new Error('Invalid token: project_id or channel_id is missing');
  return { project_id, channel_id, topic: claims.topic ?? `ai_response:${project_id}:${channel_id}`, exp };
}

function claimsOf(part: string): Partial<TokenPayload> {
  try {
    const claims = JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/'))) as Partial<TokenPayload> | null;
    return claims ?? {};
  } catch {
    throw new Error('Invalid token: its payload cannot be read');
  }
}

/** Whether a token's time is over by this machine's clock. The server may still accept one that was used before. */
export const isTokenExpired = ({ exp }: TokenPayload): boolean => exp !== undefined && Date.now() >= exp * 1000;
