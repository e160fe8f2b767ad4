import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of requests whose callers wait for the answer. */
export class SyncSettings {
  @Setting({
    env: 'HEADRACE_SYNC_TIMEOUT_MS',
    as: 'number',
    description:
      'Longest that a caller waits for an answer on its connection, in milliseconds; then the request is cancelled.',
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  syncTimeoutMs = 600_000;

  @Setting({
    env: 'HEADRACE_STREAM_HEARTBEAT_MS',
    as: 'number',
    description: 'How often a streamed answer says that it lives while nothing comes, in milliseconds.',
  })
  @IsInt()
  @Min(10)
  @Max(300_000)
  streamHeartbeatMs = 15_000;

  @Setting({
    env: 'HEADRACE_STREAM_STALL_MS',
    as: 'number',
    description:
      'How long the reader of a streamed answer may take none of it, in milliseconds; then its connection is closed.',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  streamStallMs = 60_000;
}
