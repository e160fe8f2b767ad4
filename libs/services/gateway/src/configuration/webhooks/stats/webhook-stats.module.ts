import { Module } from '@nestjs/common';
import { WebhookStatsController } from './webhook-stats.controller.js';

/** Statistics of webhook endpoints. */
@Module({ controllers: [WebhookStatsController] })
export class WebhookStatsModule {}
