import type { ServiceDefinition } from '@headrace/runtime';
import { AiRunnerSettings } from './ai-runner.config.js';
import { AiRunnerModule } from './ai-runner.module.js';

/** Calls the AI providers. */
export const aiRunnerService: ServiceDefinition = {
  name: 'ai-runner',
  module: AiRunnerModule,
  settings: [AiRunnerSettings],
  needsPostgres: true,
};
