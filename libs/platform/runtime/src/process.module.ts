import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { LoadedSettings, SettingsClass } from '@headrace/config';
import { PROCESS_STOP } from '@headrace/event-log';
import { HealthController, SharesInUse } from '@headrace/http';
import { ConsumerRunner } from '@headrace/jetstream';
import type { OpenPlatform } from './open-platform.js';
import type { ServiceDefinition } from './service-definition.js';

/** What every service of the process may inject: settings, ports and stores. Imported once, at the top. */
@Module({})
class PlatformModule {}

/** A process: its services' modules on one platform. */
@Module({})
class ProcessModule {}

/** The root module of a process. Nest does not merge dynamic modules, so the platform is made here and only here. */
export function processModule(
  services: readonly ServiceDefinition[],
  classes: readonly SettingsClass[],
  settings: LoadedSettings,
  platform: OpenPlatform,
  stop: AbortSignal,
): DynamicModule {
  const settingsProviders: Provider[] = [...new Set(classes)].map((settingsClass) => ({
    provide: settingsClass,
    useValue: settings.get(settingsClass),
  }));
  const providers = [
    ...settingsProviders,
    ...platform.providers,
    SharesInUse,
    { provide: PROCESS_STOP, useValue: stop },
  ];
  return {
    module: ProcessModule,
    imports: [
      { module: PlatformModule, global: true, providers, exports: providers },
      DiscoveryModule,
      ...services.map((service) => service.module),
    ],
    controllers: [HealthController],
    providers: [ConsumerRunner],
  };
}
