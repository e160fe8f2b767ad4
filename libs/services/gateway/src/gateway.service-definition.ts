import { RealtimeSettings } from '@headrace/http';
import type { ServiceDefinition } from '@headrace/runtime';
import { BudgetSettings } from './budgets/budgets.config.js';
import { AdministrationSettings } from './configuration/administration.config.js';
import { WebhookTestSettings } from './configuration/webhooks/test/webhook-test.settings.js';
import { DemoSettings } from './demo/demo.settings.js';
import { FollowSettings } from './follow/follow.settings.js';
import { GatewaySettings } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { IdempotencySettings } from './idempotency/idempotency.config.js';
import { SyncSettings } from './sync/sync.settings.js';

/** Takes requests over HTTP and tells what became of them. */
export const gatewayService: ServiceDefinition = {
  name: 'gateway',
  module: GatewayModule,
  settings: [
    GatewaySettings,
    IdempotencySettings,
    BudgetSettings,
    SyncSettings,
    FollowSettings,
    RealtimeSettings,
    AdministrationSettings,
    WebhookTestSettings,
    DemoSettings,
  ],
  needsPostgres: true,
};
