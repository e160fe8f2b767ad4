import type { RequestContext } from '@headrace/contracts';
import { offlineProviderName } from '@headrace/providers';

/**
 * Whether an answer is told piece by piece. Whoever asked says so; of a request that nobody waits for on its
 * connection it is not known whether a browser watches the channel, so what takes its time is told, if
 * `tellsAsync` says so, and what the offline provider answers at once is not.
 */
export function wantsPieces({ stream, sync }: RequestContext, provider: string, tellsAsync: boolean): boolean {
  return stream ?? (sync !== true && tellsAsync && provider !== offlineProviderName);
}
