import { Setting } from '@headrace/config';
import { IsArray, IsInt, IsString, Min } from 'class-validator';

/** Settings of clients that follow a request over HTTP. Those that sockets have, too, are the same variables. */
export class FollowSettings {
  @Setting({
    env: 'HEADRACE_MAX_FOLLOWED_REQUESTS',
    as: 'number',
    description:
      'How many clients of one process may follow a request over HTTP at a time (`?wait=` and `/events`); others get 503.',
  })
  @IsInt()
  @Min(0)
  maxFollowedRequests = 10_000;

  @Setting({
    env: 'HEADRACE_REALTIME_ALLOWED_ORIGINS',
    as: 'list',
    description: 'Origins that browsers may read `/events` from, separated by commas; the same as for sockets.',
    defaultText: 'any',
  })
  @IsArray()
  @IsString({ each: true })
  allowedOrigins: string[] = [];

  @Setting({
    env: 'HEADRACE_REALTIME_TOKEN_GRACE_SECONDS',
    as: 'number',
    description: 'How long a used ws_token stays good after its request ended, in seconds; the same as for sockets.',
  })
  @IsInt()
  @Min(0)
  tokenGraceSeconds = 600;
}
