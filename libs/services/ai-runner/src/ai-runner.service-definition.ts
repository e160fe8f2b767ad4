import type { ServiceDefinition } from '@headrace/runtime';
import { AdmissionSettings } from './admission/admission.settings.js';
import { AiRunnerSettings } from './ai-runner.config.js';
import { AiRunnerModule } from './ai-runner.module.js';
import { ProviderHealthSettings } from './health/health.settings.js';

/** Calls the AI providers. */
export const aiRunnerService: ServiceDefinition = {
  name: 'ai-runner',
  module: AiRunnerModule,
  settings: [AiRunnerSettings, AdmissionSettings, ProviderHealthSettings],
  needsPostgres: true,
};
