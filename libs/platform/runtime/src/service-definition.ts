import type { Type } from '@nestjs/common';
import type { SettingsClass } from '@headrace/config';

/** A service as a process runs it. */
export interface ServiceDefinition {
  /** Name in HEADRACE_SERVICES. */
  readonly name: string;
  readonly module: Type;
  /** Settings that only this service reads; a process checks only those of the services it runs. */
  readonly settings: readonly SettingsClass[];
  /** Whether it needs the projects' configuration or the read model; without it the process opens no database connection. */
  readonly needsPostgres: boolean;
}
