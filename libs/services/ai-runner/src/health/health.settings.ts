import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** When a provider is tried last for a while. */
export class ProviderHealthSettings {
  @Setting({
    env: 'HEADRACE_PROVIDER_HEALTH_FAILURES',
    as: 'number',
    description:
      'Failures in a row (5xx, 429, no answer, no connection, refused credentials) after which the provider is tried ' +
      'last for a while, where a workflow has fallbacks; 0: never.',
  })
  @IsInt()
  @Min(0)
  @Max(1_000)
  failures = 3;
}
