import type { IncomingMessage } from 'node:http';
import type { ShareIds } from '@headrace/http';
import type { AddressOf } from './client-address.js';
import type { TokenSession } from './response-channel/token-session.js';

/**
 * What a socket has in common with others: its address, the channel of its token (another token of the same channel is
 * no other share) and its project.
 */
export const shareIdsBy = (addressOf: AddressOf): ShareIds<[session: TokenSession, request: IncomingMessage]> => ({
  address: (_session, request) => addressOf(request),
  token: ({ channel }) => channel,
  project: ({ project }) => project,
});
