import { Module } from '@nestjs/common';
import { PricesController } from './prices.controller.js';

/** What models cost. */
@Module({ controllers: [PricesController] })
export class PricesModule {}
