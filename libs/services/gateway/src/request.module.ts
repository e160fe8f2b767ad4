import { Module } from '@nestjs/common';
import { AcceptRequestController } from './accept/accept-request.controller.js';
import { KnownProviderGate } from './accept/known-provider.gate.js';
import { RequestAcceptor } from './accept/request-acceptor.js';
import { REQUEST_GATES, type RequestGate } from './accept/request-gate.js';
import { BudgetAlerts } from './budgets/budget.alerts.js';
import { BudgetGate } from './budgets/budget.gate.js';
import { Spending } from './budgets/spending.js';
import { CancelRequestController } from './cancel/cancel-request.controller.js';
import { RequestCanceller } from './cancel/request.canceller.js';
import { ChannelAccess } from './channel-access.js';
import { ChannelEventsController } from './follow/channel-events.controller.js';
import { ChannelEvents } from './follow/channel-events.js';
import { FollowerAccess } from './follow/follower-access.js';
import { FollowerLimits } from './follow/follower-limits.js';
import { FollowedRequests } from './follow/followed-requests.js';
import { PushedStates } from './follow/pushed-states.js';
import { RequestWait } from './follow/request-wait.js';
import { ViewerReports } from './follow/viewer-reports.js';
import { RequestRepetitions } from './idempotency/request-repetitions.js';
import { RateLimitGate } from './limits/rate-limit.gate.js';
import { ProviderCatalogueModule } from './provider-catalogue.module.js';
import { ReconnectController } from './reconnect/reconnect.controller.js';
import { RequestReader } from './requests/request-reader.js';
import { RequestsController } from './requests/requests.controller.js';

/** The gates of arriving requests, in the order in which they are asked. */
const gatesOf = (
  knownProviders: KnownProviderGate,
  repetitions: RequestRepetitions,
  budgets: BudgetGate,
  rateLimits: RateLimitGate,
): RequestGate[] => [knownProviders, budgets, rateLimits, repetitions];

/** Taking requests and telling what became of them. */
@Module({
  imports: [ProviderCatalogueModule],
  controllers: [
    AcceptRequestController,
    ReconnectController,
    RequestsController,
    ChannelEventsController,
    CancelRequestController,
  ],
  providers: [
    ChannelAccess,
    RequestReader,
    FollowerLimits,
    FollowedRequests,
    PushedStates,
    ViewerReports,
    RequestWait,
    FollowerAccess,
    ChannelEvents,
    RequestCanceller,
    RequestAcceptor,
    KnownProviderGate,
    RequestRepetitions,
    Spending,
    BudgetAlerts,
    BudgetGate,
    RateLimitGate,
    {
      provide: REQUEST_GATES,
      useFactory: gatesOf,
      inject: [KnownProviderGate, RequestRepetitions, BudgetGate, RateLimitGate],
    },
  ],
  exports: [RequestAcceptor, RequestCanceller],
})
export class RequestModule {}
