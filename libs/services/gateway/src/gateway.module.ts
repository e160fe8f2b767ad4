import { Module } from '@nestjs/common';
import { ConfigurationModule } from './configuration/configuration.module.js';
import { DeliveryModule } from './delivery.module.js';
import { DemoProjectSeeder } from './demo/demo-project.seeder.js';
import { RequestModule } from './request.module.js';

/** The HTTP API of clients. */
@Module({ imports: [RequestModule, DeliveryModule, ConfigurationModule], providers: [DemoProjectSeeder] })
export class GatewayModule {}
