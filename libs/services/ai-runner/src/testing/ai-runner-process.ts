import { HeadraceSettings } from '@headrace/config';
import { jetStreamProviders, type JetStream } from '@headrace/jetstream';
import { runHandlers, type TestProcess } from '@headrace/jetstream/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { PriceStore, ProjectStore } from '@headrace/project-store';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AdmissionSettings } from '../admission/admission.settings.js';
import { AiRunnerSettings } from '../ai-runner.config.js';
import { AiRunnerModule } from '../ai-runner.module.js';
import { ProviderHealthSettings } from '../health/health.settings.js';

@Module({})
class PlatformModule {}

@Module({})
class ProcessModule {}

/** Runs the whole ai-runner as a process does, with answers that come whole. */
export async function runAiRunnerProcess(
  jetStream: JetStream,
  projects: ProjectStore,
  admission: Partial<AdmissionSettings> = {},
): Promise<TestProcess> {
  const outboundSettings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
  const addresses = new AddressPolicy(outboundSettings);
  const outbound = new OutboundHttp(addresses, outboundSettings);
  const providers = [
    ...jetStreamProviders(jetStream),
    { provide: HeadraceSettings, useValue: new HeadraceSettings() },
    { provide: AiRunnerSettings, useValue: Object.assign(new AiRunnerSettings(), { asyncTokens: false }) },
    { provide: AdmissionSettings, useValue: Object.assign(new AdmissionSettings(), admission) },
    { provide: ProviderHealthSettings, useValue: new ProviderHealthSettings() },
    { provide: OutboundHttpSettings, useValue: outboundSettings },
    { provide: AddressPolicy, useValue: addresses },
    { provide: OutboundHttp, useValue: outbound },
    { provide: ProjectStore, useValue: projects },
    { provide: PriceStore, useValue: { current: { version: 0, prices: [], note: null, createdAt: null } } },
  ];
  const platform = { module: PlatformModule, global: true, providers, exports: providers };
  const imports = [platform, AiRunnerModule];
  const app = await NestFactory.createApplicationContext(
    { module: ProcessModule, imports },
    { logger: false, abortOnError: false },
  );
  const running = await runHandlers(jetStream, ...handlerClasses().map((handler) => app.get<object>(handler)));
  return {
    ...running,
    async stop() {
      await running.stop();
      await app.close();
      await outbound.close();
    },
  };
}

/** The module's own list says which handlers a process has. */
function handlerClasses(): Type[] {
  const listed = Reflect.getMetadata('providers', AiRunnerModule) as unknown[];
  return listed.filter((each): each is Type => typeof each === 'function' && each.name.endsWith('Handler'));
}
