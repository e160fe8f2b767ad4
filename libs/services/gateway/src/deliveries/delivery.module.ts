import { Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';

/** Telling what became of webhook deliveries. */
@Module({ controllers: [DeliveriesController] })
export class DeliveryModule {}
