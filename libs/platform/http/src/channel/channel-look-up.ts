import type { EventLog, Recorded } from '@headrace/event-log';
import { ApiError } from '../errors/api.error.js';

/** Channel ids are UUIDs. Anything else is nobody's channel and never becomes part of a subject. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be a channel id. */
export const isChannelId = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);

/** The channel id in a path; throws `not_found` when it cannot be one. */
export function channelIdOf(value: string): string {
  if (isChannelId(value)) return value;
  throw unknownChannel();
}

/**
 * The last request event of a project's own channel.
 * Errors: `not_found` for an unknown channel, `permission_error` for one of another project.
 */
export async function ownChannel(log: EventLog, project: string, channel: string): Promise<Recorded> {
  const last = await log.last({ project, channel: channelIdOf(channel), aggregate: 'request' });
  return last ?? missingChannel(log, project, channel);
}

/** Says why a project has no such channel: `permission_error` when another project has it, else `not_found`. */
export async function missingChannel(log: EventLog, project: string, channel: string): Promise<never> {
  const elsewhere = await log.findRequest(channel);
  if (elsewhere && elsewhere.address.project !== project) {
    throw new ApiError(
      'permission_error',
      "The channel belongs to another project. Use a key of the channel's project.",
    );
  }
  throw unknownChannel();
}

/** `not_found`: the project has no such channel. */
export const unknownChannel = (): ApiError =>
  new ApiError('not_found', 'There is no such channel. Check the channel id; old requests are removed in time.');
