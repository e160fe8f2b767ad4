import { Setting } from '@headrace/config';
import { IsInt, IsNumber, Max, Min } from 'class-validator';

/** Settings of the webhook dispatcher. */
export class WebhookDispatcherSettings {
  @Setting({
    env: 'HEADRACE_WEBHOOK_TIMEOUT_MS',
    as: 'number',
    description: 'How long one attempt may take in all, from DNS to the last byte of the answer, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(600_000)
  timeoutMs = 30_000;

  @Setting({
    env: 'HEADRACE_WEBHOOK_CONNECT_TIMEOUT_MS',
    as: 'number',
    description: 'How long an attempt may take to connect, TLS included, in milliseconds.',
  })
  @IsInt()
  @Min(50)
  @Max(600_000)
  connectTimeoutMs = 10_000;

  @Setting({
    env: 'HEADRACE_WEBHOOK_IN_FLIGHT_PER_ENDPOINT',
    as: 'number',
    description: 'Attempts that one process makes at one endpoint at the same time, where its owner does not say.',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  inFlightPerEndpoint = 64;

  @Setting({
    env: 'HEADRACE_WEBHOOK_IN_FLIGHT',
    as: 'number',
    description:
      'Attempts that one process makes at the same time. A quarter is for slow endpoints; those that hang may hold as many again.',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  inFlight = 512;

  @Setting({
    env: 'HEADRACE_WEBHOOK_WAIT_MS',
    as: 'number',
    description:
      'How long a delivery may wait in memory for a busy endpoint; a longer wait is left to a timer. In milliseconds.',
  })
  @IsInt()
  @Min(0)
  @Max(60_000)
  waitMs = 5_000;

  @Setting({
    env: 'HEADRACE_WEBHOOK_SLOW_MS',
    as: 'number',
    description: 'From which usual duration of its attempts on an endpoint is slow, in milliseconds.',
  })
  @IsInt()
  @Min(50)
  @Max(60_000)
  slowMs = 1_000;

  @Setting({
    env: 'HEADRACE_WEBHOOK_CIRCUIT_FAILURES',
    as: 'number',
    description: 'Failures one after the other that open the circuit of an endpoint; 0: it never opens.',
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  circuitFailures = 10;

  @Setting({
    env: 'HEADRACE_WEBHOOK_DISPATCHERS',
    as: 'number',
    description: 'Processes that deliver webhooks. Each takes its part of the rate limits of endpoints.',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  dispatchers = 1;

  @Setting({
    env: 'HEADRACE_WEBHOOK_DISABLE_AFTER_HOURS',
    as: 'number',
    description:
      'Hours of nothing but failures after which an endpoint is switched off and its owner told; 0: never. Divided by HEADRACE_TIME_SCALE.',
  })
  @IsNumber()
  @Min(0)
  @Max(8_760)
  disableAfterHours = 120;
}
