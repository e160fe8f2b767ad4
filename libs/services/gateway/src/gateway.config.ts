import { Setting } from '@headrace/config';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of the gateway: what holds for requests that name a provider and model instead of a workflow. */
export class GatewaySettings {
  @Setting({
    env: 'HEADRACE_DEFAULT_PROVIDER_TIMEOUT_MS',
    as: 'number',
    description: 'Time limit of a provider call for requests without a workflow, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  @Max(600_000)
  defaultProviderTimeoutMs = 60_000;

  @Setting({
    env: 'HEADRACE_DEFAULT_CALLBACK_TIMEOUT_SECONDS',
    as: 'number',
    description: 'Callback window of event-driven requests without a workflow, in seconds.',
  })
  @IsInt()
  @Min(1)
  defaultCallbackTimeoutSeconds = 300;
}
