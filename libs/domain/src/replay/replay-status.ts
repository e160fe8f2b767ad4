/** Where a bulk replay stands. `completed`: every letter was planned or skipped. */
export const replayStatuses = ['running', 'paused', 'completed', 'cancelled', 'failed'] as const;
export type ReplayStatus = (typeof replayStatuses)[number];

/** What its owner may ask of a replay. */
export type ReplayCommand = 'pause' | 'resume' | 'cancel';

const targets = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Record<
  ReplayCommand,
  ReplayStatus
>;

/**
 * The status after a command; asking for what is already so changes nothing. Undefined: the replay has ended, and
 * nothing brings it back.
 */
export function statusAfter(status: ReplayStatus, command: ReplayCommand): ReplayStatus | undefined {
  const target = targets[command];
  return status === target || status === 'running' || status === 'paused' ? target : undefined;
}
