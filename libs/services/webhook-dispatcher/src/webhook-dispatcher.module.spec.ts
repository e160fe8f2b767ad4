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
  TIMERS,
} from '@headrace/event-log';
import { OutboundHttp } from '@headrace/outbound-http';
import { ProjectStore, WebhookEndpointAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DeliverOnPlannedHandler } from './deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from './deliver-on-retry-due.handler.js';
import { DeliverOnTurnHandler } from './deliver-on-turn.handler.js';
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
const provided = [
  HeadraceSettings,
  WebhookDispatcherSettings,
  OutboundHttp,
  ProjectStore,
  ReadModel,
  WebhookEndpointAdministration,
  EVENT_LOG,
  TIMERS,
  DELIVERY_DEAD_LETTERS,
].map((token) => ({ provide: token, useValue: {} }));

describe('the webhook dispatcher', () => {
  it('can be started with what a process provides, and handles its five consumers', async () => {
    const providers = [...provided, listenerTunnel, notices];
    const platform = { module: PlatformModule, global: true, providers, exports: providers };
    const context = await NestFactory.createApplicationContext(
      { module: ProcessModule, imports: [platform, webhookDispatcherService.module] },
      { logger: false, abortOnError: false },
    );
    const consumerOf = (handler: Type, method: string) =>
      handlerMetadataOf(context.get<Record<string, unknown>>(handler)[method])?.consumer;
    expect(consumerOf(PlanOnRequestDecidedHandler, 'plan')).toBe(deliveryPlannerConsumer);
    expect(consumerOf(DeliverOnPlannedHandler, 'deliver')).toBe(deliveryConsumer);
    expect(consumerOf(DeliverOnRetryDueHandler, 'deliver')).toBe(deliveryRetryConsumer);
    expect(consumerOf(DeliverOnTurnHandler, 'deliver')).toBe(laneConsumer);
    expect(consumerOf(LookOnLaneWatchDueHandler, 'look')).toBe(laneWatchConsumer);
    await context.close();
  });
});
