import { HeadraceSettings } from '@headrace/config';
import {
  CONFIGURATION_NOTICES,
  DELIVERY_DEAD_LETTERS,
  EVENT_LOG,
  LISTENER_TUNNEL,
  PROCESS_STOP,
  TIMERS,
} from '@headrace/event-log';
import type { JetStream } from '@headrace/jetstream';
import { runHandlers, type TestProcess } from '@headrace/jetstream/testing';
import { OutboundHttp } from '@headrace/outbound-http';
import { ProjectStore, WebhookEndpointAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { WebhookDispatcherModule } from '../webhook-dispatcher.module.js';

/** What a process of the dispatcher has around it. */
export interface Surroundings {
  readonly jetStream: JetStream;
  readonly projects: ProjectStore;
  readonly outbound: OutboundHttp;
  readonly administration: Partial<WebhookEndpointAdministration>;
  readonly settings?: Partial<WebhookDispatcherSettings>;
}

@Module({})
class PlatformModule {}

@Module({})
class ProcessModule {}

/** Runs the whole dispatcher as a process does, with a second of the retry schedule lasting 10 ms. */
export async function runDispatcherProcess(surroundings: Surroundings): Promise<TestProcess> {
  const { jetStream, projects, outbound, administration } = surroundings;
  const settings = Object.assign(new WebhookDispatcherSettings(), { timeoutMs: 5_000 }, surroundings.settings);
  const ending = new AbortController();
  const providers = [
    { provide: HeadraceSettings, useValue: Object.assign(new HeadraceSettings(), { timeScale: 100 }) },
    { provide: WebhookDispatcherSettings, useValue: settings },
    { provide: OutboundHttp, useValue: outbound },
    { provide: ProjectStore, useValue: projects },
    { provide: WebhookEndpointAdministration, useValue: administration },
    { provide: EVENT_LOG, useValue: jetStream.eventLog },
    { provide: TIMERS, useValue: jetStream.timers },
    { provide: DELIVERY_DEAD_LETTERS, useValue: jetStream.deliveryDeadLetters },
    { provide: CONFIGURATION_NOTICES, useValue: jetStream.notices },
    // There is no database here, so nothing is found to be waiting.
    { provide: ReadModel, useValue: { eachWaitingDelivery: async () => true } },
    { provide: LISTENER_TUNNEL, useValue: jetStream.listeners },
    { provide: PROCESS_STOP, useValue: ending.signal },
  ];
  const platform = { module: PlatformModule, global: true, providers, exports: providers };
  const imports = [platform, WebhookDispatcherModule];
  const app = await NestFactory.createApplicationContext({ module: ProcessModule, imports }, { logger: false });
  const handlers = handlerClasses().map((handler) => app.get<object>(handler));
  const running = await runHandlers(jetStream, ...handlers);
  return {
    ...running,
    async stop() {
      ending.abort();
      await running.stop();
      await app.close();
    },
  };
}

/** The module's own list says which handlers a process has; the others of it have no decorated methods. */
function handlerClasses(): Type[] {
  const listed = Reflect.getMetadata('providers', WebhookDispatcherModule) as unknown[];
  return listed.filter((each): each is Type => typeof each === 'function' && each.name.endsWith('Handler'));
}
