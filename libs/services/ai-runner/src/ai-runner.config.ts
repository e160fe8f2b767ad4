import { Setting } from '@headrace/config';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';

/** Settings of the ai-runner: limits of provider calls. Their time limits come with each request. */
export class AiRunnerSettings {
  @Setting({
    env: 'HEADRACE_PROVIDER_CONNECT_TIMEOUT_MS',
    as: 'number',
    description: 'Longest wait for a new connection to an AI provider, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(120_000)
  providerConnectTimeoutMs = 10_000;

  @Setting({
    env: 'HEADRACE_PROVIDER_MAX_RESPONSE_BYTES',
    as: 'number',
    description:
      'Largest answer of an AI provider, in bytes. A webhook carries it twice, and all of that must fit ' +
      'into max_payload of the NATS server.',
  })
  @IsInt()
  @Min(1_024)
  @Max(64 * 1024 * 1024)
  providerMaxResponseBytes = 2 * 1024 * 1024;

  @Setting({
    env: 'HEADRACE_ASYNC_TOKENS',
    as: 'boolean',
    description:
      'Whether answers of remote providers are streamed to the channel of an async request that does not say stream: ' +
      'a browser that joins sees them grow, for about 10 microseconds of CPU time per token.',
  })
  @IsBoolean()
  asyncTokens = true;

  @Setting({
    env: 'HEADRACE_OFFLINE_FAULTS',
    as: 'boolean',
    description:
      'Whether the metadata of a request may make the offline provider slow, fail, call tools and so on, for ' +
      'tests: latency_ms, error (400 to 599, timeout, invalid_json, content_filter, disconnect), retry_after_ms, ' +
      'fail_times, repair_after, chunks, chunk_delay_ms, tool_call, tool_rounds, usage.',
    defaultText: 'true unless NODE_ENV is production',
  })
  @IsBoolean()
  offlineFaults = process.env.NODE_ENV !== 'production';
}
