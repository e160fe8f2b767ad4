import { HeadraceSettings } from '@headrace/config';
import { loadAiSdkPackages, ProviderRegistry, SchemaCompiler, SchemaInstances } from '@headrace/providers';
import { Module } from '@nestjs/common';
import { ADMISSION } from './admission.port.js';
import { FairAdmission } from './admission/fair-admission.js';
import { AiRunnerSettings } from './ai-runner.config.js';
import { ATTEMPT_ORDER } from './attempt-order.port.js';
import { AttemptLog } from './attempt/attempt-log.js';
import { ProviderAttempts } from './attempt/provider-attempts.js';
import { AnswerCache } from './cache/answer-cache.js';
import { GenerationCost } from './cost/generation-cost.js';
import { RequestEnds } from './ends/request-ends.js';
import { GenerateOnRequestAskedHandler } from './generate-on-request-asked.handler.js';
import { GenerationDecisions } from './generation-decisions.js';
import { GenerationRunner } from './generation-runner.js';
import { Generations } from './generations.js';
import { ProviderHealth } from './health/provider-health.js';
import { AnswerTellers } from './pieces/answer-tellers.js';
import { ProviderHttp } from './provider-http.js';
import { ResumeOnGenerationDueHandler } from './resume-on-generation-due.handler.js';
import { TestModeRunner } from './test-mode-runner.js';

/** Gets answers from AI providers. */
@Module({
  providers: [
    GenerateOnRequestAskedHandler,
    ResumeOnGenerationDueHandler,
    Generations,
    GenerationDecisions,
    GenerationCost,
    AnswerCache,
    GenerationRunner,
    TestModeRunner,
    ProviderAttempts,
    AttemptLog,
    AnswerTellers,
    RequestEnds,
    SchemaCompiler,
    SchemaInstances,
    { provide: ADMISSION, useClass: FairAdmission },
    { provide: ATTEMPT_ORDER, useClass: ProviderHealth },
    ProviderHttp,
    {
      provide: ProviderRegistry,
      inject: [ProviderHttp, AiRunnerSettings, HeadraceSettings],
      // Packages are loaded before anything is taken from the log: one that is not there ends the start.
      useFactory: async (http: ProviderHttp, settings: AiRunnerSettings, { aiSdkProviders }: HeadraceSettings) =>
        new ProviderRegistry(
          http,
          {
            connectTimeoutMs: settings.providerConnectTimeoutMs,
            maxResponseBytes: settings.providerMaxResponseBytes,
          },
          { offlineFaults: settings.offlineFaults, aiSdkPackages: await loadAiSdkPackages(aiSdkProviders) },
        ),
    },
  ],
})
export class AiRunnerModule {}
