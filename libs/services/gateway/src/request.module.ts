import { Module } from '@nestjs/common';
import { AcceptRequestController } from './accept/accept-request.controller.js';
import { ChannelAccess } from './channel-access.js';
import { ReconnectController } from './reconnect/reconnect.controller.js';
import { RequestReader } from './requests/request-reader.js';
import { RequestsController } from './requests/requests.controller.js';

/** Taking requests and telling what became of them. */
@Module({
  controllers: [AcceptRequestController, ReconnectController, RequestsController],
  providers: [ChannelAccess, RequestReader],
})
export class RequestModule {}
