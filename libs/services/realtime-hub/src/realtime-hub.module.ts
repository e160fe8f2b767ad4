import { Module } from '@nestjs/common';
import { PlainSocketRequestController } from './plain-socket-request.controller.js';
import { RealtimeHub } from './realtime-hub.js';

/** Phoenix channels for browsers. */
@Module({ controllers: [PlainSocketRequestController], providers: [RealtimeHub], exports: [RealtimeHub] })
export class RealtimeHubModule {}
