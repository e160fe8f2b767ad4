/** First part of every topic of responses. */
export const responseTopicPrefix = 'ai_response:';

/** Why a client may not join (CONTRACT section 3); `unmatched topic` comes from the server core. */
export type JoinRefusal =
  'unauthorized_project_access' | 'invalid_channel_format' | 'invalid_project_uuid' | 'invalid_channel_uuid';

/** Ids of a project and a channel; both are UUIDs. */
export interface ChannelIds {
  readonly project: string;
  readonly channel: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Why a topic may not be joined by whom a token was given for one channel; undefined when it may.
 * Topics are `ai_response:{project}:{channel}` and `ai_response:{channel}`.
 */
export function refusalOf(topic: string, granted: ChannelIds): JoinRefusal | undefined {
  const parts = topic.slice(responseTopicPrefix.length).split(':');
  const channel = parts.pop() ?? '';
  const project = parts.pop();
  if (parts.length > 0 || channel === '' || project === '') return 'invalid_channel_format';
  if (project !== undefined && !uuid.test(project)) return 'invalid_project_uuid';
  if (!uuid.test(channel)) return 'invalid_channel_uuid';
  const ofProject = project === undefined || sameId(project, granted.project);
  return ofProject && sameId(channel, granted.channel) ? undefined : 'unauthorized_project_access';
}

/** UUIDs mean the same in either case. */
const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
