import { gatewayService } from '@headrace/gateway';
import { listenTunnelService } from '@headrace/listen-tunnel';
import { reconcilerService } from '@headrace/reconciler';
import { runServices } from '@headrace/runtime';
import { timelineProjectorService } from '@headrace/timeline-projector';

await runServices('gateway', [gatewayService, listenTunnelService, timelineProjectorService, reconcilerService]);
