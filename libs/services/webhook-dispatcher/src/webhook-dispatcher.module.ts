import { HeadraceSettings } from '@headrace/config';
import { PROCESS_STOP } from '@headrace/event-log';
import { WebhookEndpointAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Module } from '@nestjs/common';
import { reportAttempts } from './attempt/attempt-metrics.js';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { ENDPOINT_SWITCH } from './attempt/endpoint-switch.port.js';
import { DeliverOnPlannedHandler } from './deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from './deliver-on-retry-due.handler.js';
import { DeliverOnTurnHandler } from './deliver-on-turn.handler.js';
import { EndpointHealth } from './endpoint-health/endpoint-health.js';
import { SwitchOff } from './endpoint-health/switch-off.js';
import { EndpointGate } from './isolation/endpoint-gate.js';
import { openGate } from './isolation/open-gate.js';
import { ReleaseWaiting } from './isolation/release-waiting.js';
import { WAITING_DELIVERIES } from './isolation/waiting-deliveries.port.js';
import { ListenerAttempts } from './listen/listener-attempts.js';
import { LookOnLaneWatchDueHandler } from './look-on-lane-watch-due.handler.js';
import { Lanes } from './order/lanes.js';
import { PlanOnRequestDecidedHandler } from './plan-on-request-decided.handler.js';
import { SwitchOffOnEndpointDisabledHandler } from './switch-off-on-endpoint-disabled.handler.js';
import { WebhookDispatcherSettings } from './webhook-dispatcher.config.js';

/** Plans webhook deliveries and makes their attempts. */
@Module({
  providers: [
    PlanOnRequestDecidedHandler,
    DeliverOnPlannedHandler,
    DeliverOnTurnHandler,
    DeliverOnRetryDueHandler,
    LookOnLaneWatchDueHandler,
    Lanes,
    SwitchOffOnEndpointDisabledHandler,
    EndpointHealth,
    SwitchOff,
    DeliveryAttempts,
    ListenerAttempts,
    ReleaseWaiting,
    { provide: WAITING_DELIVERIES, useExisting: ReadModel },
    { provide: ENDPOINT_SWITCH, useExisting: WebhookEndpointAdministration },
    {
      provide: EndpointGate,
      inject: [WebhookDispatcherSettings, HeadraceSettings, PROCESS_STOP],
      useFactory: (settings: WebhookDispatcherSettings, { timeScale }: HeadraceSettings, stop: AbortSignal) => {
        const gate = openGate(settings, timeScale);
        // Timers bring back who waited, in any process, while the attempts under way are still waited for.
        stop.addEventListener('abort', () => gate.stop());
        // For as long as the process lives.
        reportAttempts(gate);
        return gate;
      },
    },
  ],
})
export class WebhookDispatcherModule {}
