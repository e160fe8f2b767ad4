import { describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import {
  deliveryConsumer,
  deliveryPlannerConsumer,
  deliveryRetryConsumer,
  laneConsumer,
  laneWatchConsumer,
} from '@headrace/contracts';
import {
  CONFIGURATION_NOTICES,
  DELIVERY_DEAD_LETTERS,
  EVENT_LOG,
  handlerMetadataOf,
  LISTENER_TUNNEL,
  PROCESS_STOP,
  TIMERS,
} from '@headrace/event-log';
import { OutboundHttp } from '@headrace/outbound-http';
import { ProjectStore, WebhookEndpointAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DeliverOnPlannedHandler } from './deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from './deliver-on-retry-due.handler.js';
import { DeliverOnTurnHandler } from './deliver-on-turn.handler.js';
import { EndpointGate } from './isolation/endpoint-gate.js';
import { LookOnLaneWatchDueHandler } from './look-on-lane-watch-due.handler.js';
import { PlanOnRequestDecidedHandler } from './plan-on-request-decided.handler.js';
import { WebhookDispatcherSettings } from './webhook-dispatcher.config.js';
import { webhookDispatcherService } from './webhook-dispatcher.service-definition.js';

@Module({})
class PlatformModule {}

@Module({})
class ProcessModule {}

const listenerTunnel = { provide: LISTENER_TUNNEL, useValue: { ready: async () => undefined } };
const notices = { provide: CONFIGURATION_NOTICES, useValue: { listen: () => ({ close: () => undefined }) } };
const settings = [HeadraceSettings, WebhookDispatcherSettings].map((Settings) => ({
  provide: Settings,
  useValue: new Settings(),
}));
const provided = [
  OutboundHttp,
  ProjectStore,
  ReadModel,
  WebhookEndpointAdministration,
  EVENT_LOG,
  TIMERS,
  DELIVERY_DEAD_LETTERS,
].map((token) => ({ provide: token, useValue: {} }));

/** What a process makes of the service; `stop` tells it that the process ends. */
function started(stop = new AbortController().signal): Promise<INestApplicationContext> {
  const ends = { provide: PROCESS_STOP, useValue: stop };
  const providers = [...settings, ...provided, listenerTunnel, notices, ends];
  const platform = { module: PlatformModule, global: true, providers, exports: providers };
  return NestFactory.createApplicationContext(
    { module: ProcessModule, imports: [platform, webhookDispatcherService.module] },
    { logger: false, abortOnError: false },
  );
}

describe('the webhook dispatcher', () => {
  it('can be started with what a process provides, and handles its five consumers', async () => {
    const context = await started();
    const consumerOf = (handler: Type, method: string) =>
      handlerMetadataOf(context.get<Record<string, unknown>>(handler)[method])?.consumer;
    expect(consumerOf(PlanOnRequestDecidedHandler, 'plan')).toBe(deliveryPlannerConsumer);
    expect(consumerOf(DeliverOnPlannedHandler, 'deliver')).toBe(deliveryConsumer);
    expect(consumerOf(DeliverOnRetryDueHandler, 'deliver')).toBe(deliveryRetryConsumer);
    expect(consumerOf(DeliverOnTurnHandler, 'deliver')).toBe(laneConsumer);
    expect(consumerOf(LookOnLaneWatchDueHandler, 'look')).toBe(laneWatchConsumer);
    await context.close();
  });

  it('has nobody wait in its memory any more when its process ends', async () => {
    const ending = new AbortController();
    const context = await started(ending.signal);
    const gate = context.get(EndpointGate);
    const entry = {
      project: 'p',
      endpoint: 'e',
      isRetry: false,
      isReturning: false,
      maxInFlight: 1,
      ratePerSecond: null,
    };
    expect(gate.enter(entry)).toHaveProperty('slot');
    const waiting = gate.enter(entry);
    expect(waiting).toBeInstanceOf(Promise);
    ending.abort();
    expect(await waiting).toEqual({ reason: 'busy' });
    expect(gate.enter(entry)).toEqual({ reason: 'busy' });
    await context.close();
  });
});
