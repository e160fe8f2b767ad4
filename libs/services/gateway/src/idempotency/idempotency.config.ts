import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of repeated requests. */
export class IdempotencySettings {
  @Setting({
    env: 'HEADRACE_IDEMPOTENCY_HOURS',
    as: 'number',
    description:
      'How long an Idempotency-Key is remembered, in hours; not longer than EVENTS keeps requests (30 days by default).',
  })
  @IsInt()
  @Min(1)
  @Max(720)
  hours = 24;

  /** The same in milliseconds. */
  get lifeMs(): number {
    return this.hours * 3_600_000;
  }
}
