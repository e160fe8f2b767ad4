import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of the reconciler. */
export class ReconcilerSettings {
  @Setting({
    env: 'HEADRACE_RECONCILE_INTERVAL_MS',
    as: 'number',
    description: 'How often open requests and deliveries are compared with the event log, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  intervalMs = 30_000;

  @Setting({
    env: 'HEADRACE_RECONCILE_MARGIN_MS',
    as: 'number',
    description:
      'How long something must be overdue before it is looked for in the event log, in milliseconds. A log that was lost as a whole is noticed without it.',
  })
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  marginMs = 30_000;

  @Setting({
    env: 'HEADRACE_RECONCILE_LOOK_BACK_MS',
    as: 'number',
    description:
      'How long before the loss of an event log requests may have ended without any webhook having been planned, in milliseconds.',
  })
  @IsInt()
  @Min(0)
  lookBackMs = 3_600_000;
}
