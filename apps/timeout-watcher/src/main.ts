import { timeoutWatcherService } from '@headrace/timeout-watcher';
import { runServices } from '@headrace/runtime';

await runServices('timeout-watcher', [timeoutWatcherService]);
