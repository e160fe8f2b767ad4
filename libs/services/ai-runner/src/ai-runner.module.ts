import { OutboundHttp } from '@headrace/outbound-http';
import { ProviderRegistry, SchemaCompiler, SchemaInstances } from '@headrace/providers';
import { Module } from '@nestjs/common';
import { ADMISSION, Unlimited } from './admission.port.js';
import { AiRunnerSettings } from './ai-runner.config.js';
import { ATTEMPT_ORDER, AsPlanned } from './attempt-order.port.js';
import { ProviderAttempts } from './attempt/provider-attempts.js';
import { GenerateOnRequestAcceptedHandler } from './generate-on-request-accepted.handler.js';
import { GenerationRunner } from './generation-runner.js';

/** Gets answers from AI providers. */
@Module({
  providers: [
    GenerateOnRequestAcceptedHandler,
    GenerationRunner,
    ProviderAttempts,
    SchemaCompiler,
    SchemaInstances,
    { provide: ADMISSION, useClass: Unlimited },
    { provide: ATTEMPT_ORDER, useClass: AsPlanned },
    {
      provide: ProviderRegistry,
      inject: [OutboundHttp, AiRunnerSettings],
      useFactory: (http: OutboundHttp, settings: AiRunnerSettings) =>
        new ProviderRegistry(
          http,
          {
            connectTimeoutMs: settings.providerConnectTimeoutMs,
            maxResponseBytes: settings.providerMaxResponseBytes,
          },
          { offlineFaults: settings.offlineFaults },
        ),
    },
  ],
})
export class AiRunnerModule {}
