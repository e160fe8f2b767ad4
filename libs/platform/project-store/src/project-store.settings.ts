import { Setting } from '@headrace/config';
import { IsInt, Min } from 'class-validator';

/** How the projects' configuration is held in memory. */
export class ProjectStoreSettings {
  @Setting({
    env: 'HEADRACE_CONFIGURATION_TTL_MS',
    as: 'number',
    description:
      'How old configuration in memory may get before it is read again, in milliseconds. Changes are announced at once; this is for announcements that were lost.',
  })
  @IsInt()
  @Min(100)
  configurationTtlMs = 30_000;
}
