import { HeadraceSettings, type SettingsClass } from '@headrace/config';
import { HttpSettings } from '@headrace/http';
import { JetStreamSettings } from '@headrace/jetstream';
import { OutboundHttpSettings } from '@headrace/outbound-http';
import { PostgresSettings } from '@headrace/postgres';
import { ProjectStoreSettings } from '@headrace/project-store';
import { MetricsSettings, TelemetrySettings } from '@headrace/telemetry';

/** Settings that every process reads. */
export const platformSettings: readonly SettingsClass[] = [
  HeadraceSettings,
  HttpSettings,
  JetStreamSettings,
  OutboundHttpSettings,
  TelemetrySettings,
  MetricsSettings,
];

/** Settings of processes that use Postgres. */
export const postgresSettings: readonly SettingsClass[] = [PostgresSettings, ProjectStoreSettings];
