import type { requestAccepted, requestContinued } from '@headrace/contracts';
import type { Recorded, RecordedOf, TimerKey } from '@headrace/event-log';

/** An event that asks for an answer. */
export type Asked = RecordedOf<typeof requestAccepted | typeof requestContinued>;

/** Whether an event asks for an answer. */
export const isAsked = (event: Recorded): event is Asked =>
  event.type === 'request.accepted' || event.type === 'request.continued';

/** The timer of its generation. */
export const generationTimerOf = ({ address: { project, channel } }: Asked): TimerKey => ({
  project,
  channel,
  key: 'generation',
});
