import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** How a process uses NATS. Where it is stands in NATS_URL. */
export class JetStreamSettings {
  @Setting({
    env: 'HEADRACE_NATS_REPLICAS',
    as: 'number',
    description: 'Copies of each stream in a NATS cluster: 1 for a single server, 3 to survive the loss of one.',
  })
  @IsInt()
  @Min(1)
  @Max(5)
  replicas = 1;

  @Setting({
    env: 'HEADRACE_NATS_TIMEOUT_MS',
    as: 'number',
    description: 'How long to wait for NATS to confirm an event or answer a read, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  requestTimeoutMs = 5_000;

  @Setting({
    env: 'HEADRACE_NATS_CONNECT_TIMEOUT_MS',
    as: 'number',
    description: 'How long a start waits for NATS to come up, in milliseconds.',
  })
  @IsInt()
  @Min(0)
  connectTimeoutMs = 10_000;

  @Setting({
    env: 'HEADRACE_HANDLER_STOP_TIMEOUT_MS',
    as: 'number',
    description:
      'How long a stop waits for handlers in flight before other processes take their messages, in milliseconds.',
  })
  @IsInt()
  @Min(0)
  stopTimeoutMs = 10_000;
}
