import { deadLetterKeeperService } from '@headrace/dead-letter-keeper';
import { runServices } from '@headrace/runtime';
import { webhookDispatcherService } from '@headrace/webhook-dispatcher';

await runServices('webhook-dispatcher', [webhookDispatcherService, deadLetterKeeperService]);
