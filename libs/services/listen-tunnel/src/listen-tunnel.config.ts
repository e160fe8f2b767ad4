import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of the tunnel that `headrace listen` opens. */
export class ListenTunnelSettings {
  @Setting({
    env: 'HEADRACE_LISTEN_SESSIONS_PER_PROJECT',
    as: 'number',
    description: 'Listening sessions (headrace listen) that a project may have at a time.',
  })
  @IsInt()
  @Min(0)
  @Max(1_000)
  sessionsPerProject = 10;

  @Setting({
    env: 'HEADRACE_LISTEN_GRACE_SECONDS',
    as: 'number',
    description:
      'How long a listening session that lost its connection is waited for; then its open deliveries are given up.',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  graceSeconds = 60;

  @Setting({
    env: 'HEADRACE_LISTEN_PING_MS',
    as: 'number',
    description: 'How often a listening session is pinged and its key checked again, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  pingIntervalMs = 10_000;
}
