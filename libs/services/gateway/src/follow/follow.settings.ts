import { Setting } from '@headrace/config';
import { IsInt, Min } from 'class-validator';

/** Settings of clients that follow a request over HTTP; those that hold for sockets, too, are `RealtimeSettings`. */
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
}
