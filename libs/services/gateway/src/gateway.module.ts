import { Module } from '@nestjs/common';
import { ConfigurationModule } from './configuration/configuration.module.js';
import { WebhookStatsModule } from './configuration/webhooks/stats/webhook-stats.module.js';
import { DeliveryModule } from './delivery.module.js';
import { DemoProjectSeeder } from './demo/demo-project.seeder.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { PricesModule } from './prices/prices.module.js';
import { AccessAnswers } from './project-tokens/access-answers.js';
import { ProjectTokensModule } from './project-tokens/project-tokens.module.js';
import { RequestModule } from './request.module.js';
import { SyncModule } from './sync.module.js';

/** The HTTP API of clients. */
@Module({
  imports: [
    IdempotencyModule,
    LimitsModule,
    PricesModule,
    ProjectTokensModule,
    RequestModule,
    SyncModule,
    DeliveryModule,
    ConfigurationModule,
    WebhookStatsModule,
  ],
  providers: [AccessAnswers, DemoProjectSeeder],
})
export class GatewayModule {}
