import { Setting } from '@headrace/config';
import { IsArray, IsInt, IsString, Min } from 'class-validator';

/** Settings that hold for all who follow requests, on sockets and over HTTP. */
export class RealtimeSettings {
  @Setting({
    env: 'HEADRACE_REALTIME_MAX_SOCKETS_PER_IP',
    as: 'number',
    description: 'Clients of one address that one process has open, on sockets and following over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxSocketsPerIp = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_SOCKETS_PER_TOKEN',
    as: 'number',
    description:
      'Clients with tokens of one channel that one process has open, on sockets and following over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxSocketsPerToken = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_SOCKETS_PER_PROJECT',
    as: 'number',
    description: 'Clients of one project that one process has open, on sockets and following over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxSocketsPerProject = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_JOINS_PER_IP',
    as: 'number',
    description:
      'Joins within a minute in one process of clients of one address, on sockets and over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxJoinsPerIp = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_JOINS_PER_TOKEN',
    as: 'number',
    description:
      'Joins within a minute in one process of clients with tokens of one channel, on sockets and over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxJoinsPerToken = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_JOINS_PER_PROJECT',
    as: 'number',
    description:
      'Joins within a minute in one process of clients of one project, on sockets and over HTTP; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxJoinsPerProject = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_ALLOWED_ORIGINS',
    as: 'list',
    description: 'Origins that browsers may open sockets and read `/events` from, separated by commas.',
    defaultText: 'any',
  })
  @IsArray()
  @IsString({ each: true })
  allowedOrigins: string[] = [];

  @Setting({
    env: 'HEADRACE_REALTIME_ACCESS_CHECK_MS',
    as: 'number',
    description:
      'How often it is asked whether the API keys of those who watch a project, or follow a request with a key, still are good, in milliseconds. Revocations are heard of at once; this is for keys that expire and notices that were lost.',
  })
  @IsInt()
  @Min(1_000)
  accessCheckMs = 30_000;

  @Setting({
    env: 'HEADRACE_REALTIME_TOKEN_GRACE_SECONDS',
    as: 'number',
    description: 'How long a used ws_token stays good after its request ended, in seconds.',
  })
  @IsInt()
  @Min(0)
  tokenGraceSeconds = 600;
}
