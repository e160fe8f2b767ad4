import { Module } from '@nestjs/common';
import { AcceptRequestController } from './accept/accept-request.controller.js';
import { RequestAcceptor } from './accept/request-acceptor.js';
import { REQUEST_GATES, type RequestGate } from './accept/request-gate.js';
import { CancelRequestController } from './cancel/cancel-request.controller.js';
import { RequestCanceller } from './cancel/request.canceller.js';
import { ChannelAccess } from './channel-access.js';
import { ReconnectController } from './reconnect/reconnect.controller.js';
import { RequestReader } from './requests/request-reader.js';
import { RequestsController } from './requests/requests.controller.js';

/** Taking requests and telling what became of them. */
@Module({
  controllers: [AcceptRequestController, ReconnectController, RequestsController, CancelRequestController],
  providers: [
    ChannelAccess,
    RequestReader,
    RequestCanceller,
    RequestAcceptor,
    // The gates of arriving requests, in their order: inject them here.
    { provide: REQUEST_GATES, useFactory: (...gates: RequestGate[]) => gates, inject: [] },
  ],
})
export class RequestModule {}
