import { Module } from '@nestjs/common';
import { DemoProjectSeeder } from './demo/demo-project.seeder.js';
import { RequestModule } from './request.module.js';

/** The HTTP API of clients. */
@Module({ imports: [RequestModule], providers: [DemoProjectSeeder] })
export class GatewayModule {}
