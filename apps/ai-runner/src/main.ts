import { aiRunnerService } from '@headrace/ai-runner';
import { runServices } from '@headrace/runtime';

await runServices('ai-runner', [aiRunnerService]);
