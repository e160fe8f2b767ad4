import { callbackService } from '@headrace/callback-service';
import { runServices } from '@headrace/runtime';

await runServices('callback-service', [callbackService]);
