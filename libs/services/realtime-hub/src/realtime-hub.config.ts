import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/**
 * Settings of the realtime hub; those that hold for clients over HTTP, too, are `RealtimeSettings`. The defaults are
 * those of Phoenix where it has any.
 */
export class RealtimeHubSettings {
  @Setting({
    env: 'HEADRACE_REALTIME_IDLE_TIMEOUT_MS',
    as: 'number',
    description: 'Closes a socket that sent nothing for so long, in milliseconds; clients send heartbeats every 30 s.',
  })
  @IsInt()
  @Min(1_000)
  idleTimeoutMs = 60_000;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_FRAME_BYTES',
    as: 'number',
    description: 'Largest frame taken from a client, in bytes.',
  })
  @IsInt()
  @Min(1_024)
  @Max(16 * 1024 * 1024)
  maxFrameBytes = 64 * 1024;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_BUFFERED_BYTES',
    as: 'number',
    description: 'Cuts a socket for which more bytes than this wait because its client does not read.',
  })
  @IsInt()
  @Min(16 * 1024)
  maxBufferedBytes = 1024 * 1024;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_CHANNELS',
    as: 'number',
    description: 'Topics that one socket may have joined at a time.',
  })
  @IsInt()
  @Min(1)
  maxChannels = 100;

  @Setting({
    env: 'HEADRACE_REALTIME_CLOSES_PER_SECOND',
    as: 'number',
    description:
      'Sockets that a process closes a second when it is told to stop; as fast, their clients come to the other ones. More, if it would take longer than ten seconds.',
  })
  @IsInt()
  @Min(10)
  closesPerSecond = 1_000;

  @Setting({
    env: 'HEADRACE_REALTIME_LONG_POLL_WINDOW_MS',
    as: 'number',
    description:
      'How long a long poll waits for something to tell, in milliseconds; shorter than proxies in front let requests last. A session ends after one and a half times as long without a poll.',
  })
  @IsInt()
  @Min(1_000)
  @Max(15_000)
  longPollWindowMs = 10_000;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_LONG_POLLS',
    as: 'number',
    description: 'Sessions of long polling that one process keeps at a time; 0 turns long polling off.',
  })
  @IsInt()
  @Min(0)
  maxLongPolls = 10_000;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_POLLS_PER_IP',
    as: 'number',
    description:
      'Requests of long polling that one address may make within a minute in one process, whether they wait for frames, bring some or open a session; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxPollsPerIp = 0;

  @Setting({
    env: 'HEADRACE_REALTIME_MAX_FRAMES',
    as: 'number',
    description:
      'Frames and pings that a client may send within ten seconds before its socket is closed with 1008; 0: any number.',
  })
  @IsInt()
  @Min(0)
  maxFramesPerTenSeconds = 1_000;
}
