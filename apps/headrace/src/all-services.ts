import { aiRunnerService } from '@headrace/ai-runner';
import { callbackService } from '@headrace/callback-service';
import { deadLetterKeeperService } from '@headrace/dead-letter-keeper';
import { gatewayService } from '@headrace/gateway';
import { listenTunnelService } from '@headrace/listen-tunnel';
import { realtimeHubService } from '@headrace/realtime-hub';
import { reconcilerService } from '@headrace/reconciler';
import type { ServiceDefinition } from '@headrace/runtime';
import { timelineProjectorService } from '@headrace/timeline-projector';
import { timeoutWatcherService } from '@headrace/timeout-watcher';
import { webhookDispatcherService } from '@headrace/webhook-dispatcher';

/** Every service, in the order of a request's way. */
export const allServices: readonly ServiceDefinition[] = [
  gatewayService,
  listenTunnelService,
  aiRunnerService,
  webhookDispatcherService,
  callbackService,
  realtimeHubService,
  timeoutWatcherService,
  timelineProjectorService,
  deadLetterKeeperService,
  reconcilerService,
];
