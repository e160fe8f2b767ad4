import { Module } from '@nestjs/common';
import { BudgetsController } from '../budgets/budgets.controller.js';
import { RateLimitsController } from './rate-limits.controller.js';

/** What projects may ask and spend. The gates that hold them to it are `RequestModule`'s. */
@Module({ controllers: [RateLimitsController, BudgetsController] })
export class LimitsModule {}
