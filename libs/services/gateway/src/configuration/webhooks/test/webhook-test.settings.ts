import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of webhook tests. */
export class WebhookTestSettings {
  @Setting({
    env: 'HEADRACE_WEBHOOK_TEST_TIMEOUT_MS',
    as: 'number',
    description: 'How long the test of a webhook endpoint may take in all, its samples together, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(600_000)
  timeoutMs = 30_000;
}
