import type { AggregateAddress } from '@headrace/contracts';
import type { TimerKey } from '@headrace/event-log';

/** The key of a request's deadline: it has one at a time. */
export const deadlineTimerOf = ({ project, channel }: Pick<AggregateAddress, 'project' | 'channel'>): TimerKey => ({
  project,
  channel,
  key: 'deadline',
});
