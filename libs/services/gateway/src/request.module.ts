import { Module } from '@nestjs/common';
import { AcceptRequestController } from './accept/accept-request.controller.js';
import { RequestAcceptor } from './accept/request-acceptor.js';
import { REQUEST_GATES, type RequestGate } from './accept/request-gate.js';
import { CancelRequestController } from './cancel/cancel-request.controller.js';
import { RequestCanceller } from './cancel/request.canceller.js';
import { ChannelAccess } from './channel-access.js';
import { RequestRepetitions } from './idempotency/request-repetitions.js';
import { RateLimitGate } from './limits/rate-limit.gate.js';
import { ReconnectController } from './reconnect/reconnect.controller.js';
import { RequestReader } from './requests/request-reader.js';
import { RequestsController } from './requests/requests.controller.js';

/** The gates of arriving requests, in the order in which they are asked. */
const gatesOf = (repetitions: RequestRepetitions, rateLimits: RateLimitGate): RequestGate[] => [
  { admit: (request) => repetitions.find(request) },
  rateLimits,
  { admit: (request) => repetitions.claim(request) },
];

/** Taking requests and telling what became of them. */
@Module({
  controllers: [AcceptRequestController, ReconnectController, RequestsController, CancelRequestController],
  providers: [
    ChannelAccess,
    RequestReader,
    RequestCanceller,
    RequestAcceptor,
    RequestRepetitions,
    RateLimitGate,
    { provide: REQUEST_GATES, useFactory: gatesOf, inject: [RequestRepetitions, RateLimitGate] },
  ],
  exports: [RequestAcceptor, RequestCanceller],
})
export class RequestModule {}
