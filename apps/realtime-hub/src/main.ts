import { realtimeHubService } from '@headrace/realtime-hub';
import { runServices } from '@headrace/runtime';

await runServices('realtime-hub', [realtimeHubService]);
