import { gatewayService } from '@headrace/gateway';
import { runServices } from '@headrace/runtime';
import { timelineProjectorService } from '@headrace/timeline-projector';

await runServices('gateway', [gatewayService, timelineProjectorService]);
