import type { AuthenticatedProject } from '@headrace/http';

/** Who made a change, for the history. */
export const actorOf = ({ keyId }: AuthenticatedProject): string => `key:${keyId}`;
