import { Setting } from '@headrace/config';
import { IsArray, IsInt, Matches, Max, Min } from 'class-validator';

/** How many generations run at once, and who waits where. */
export class AdmissionSettings {
  @Setting({
    env: 'HEADRACE_GENERATIONS_IN_FLIGHT',
    as: 'number',
    description:
      'Generations of one process at the same time. A project alone gets two thirds to three quarters of it.',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  inFlight = 2_048;

  @Setting({
    env: 'HEADRACE_GENERATIONS_PER_PROJECT',
    as: 'number',
    description:
      'Most generations of one project at the same time, over all processes, where its limits do not say; ' +
      '0: its fair share.',
  })
  @IsInt()
  @Min(0)
  perProject = 0;

  @Setting({
    env: 'HEADRACE_PROVIDER_LIMITS',
    as: 'list',
    description:
      'Most calls of one process at a provider at the same time, as provider=calls, separated by commas; ' +
      '* for every other provider (ollama=4,*=500).',
    defaultText: 'none',
  })
  @IsArray()
  @Matches(/^[^=\s]+=[1-9]\d{0,5}$/, { each: true, message: '$property must be a list such as ollama=4,*=500' })
  providerLimits: string[] = [];

  @Setting({
    env: 'HEADRACE_GENERATIONS_WAITING',
    as: 'number',
    description: 'Requests that wait for a place in the memory of one process; the others wait in NATS.',
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  waiting = 256;

  @Setting({
    env: 'HEADRACE_AI_RUNNERS',
    as: 'number',
    description:
      'Processes that generate: each takes its part of max_concurrent of a workflow and of the limit of a project.',
  })
  @IsInt()
  @Min(1)
  processes = 1;
}

/** The limits of providers by their names. */
export function providerLimitsOf({ providerLimits }: AdmissionSettings): ReadonlyMap<string, number> {
  return new Map(
    providerLimits.map((each) => {
      const at = each.lastIndexOf('=');
      return [each.slice(0, at), Number(each.slice(at + 1))] as const;
    }),
  );
}
