import { Module } from '@nestjs/common';
import { RequestModule } from './request.module.js';

/** The HTTP API of clients. */
@Module({ imports: [RequestModule] })
export class GatewayModule {}
