import { describe, expect, it } from '@jest/globals';
import { HeadraceSettings, loadSettings } from '@headrace/config';
import {
  ANSWER_PIECES,
  EVENT_LOG,
  handlerMetadataOf,
  REQUEST_FAILURES,
  SHARED_RECORDS,
  TIMERS,
  WAITING_LINES,
} from '@headrace/event-log';
import {
  InMemoryAnswerPieces,
  InMemoryEventLog,
  InMemoryRequestFailures,
  InMemorySharedRecords,
  InMemoryTimers,
  InMemoryWaitingLines,
} from '@headrace/event-log/testing';
import { AddressPolicy, OutboundHttpSettings } from '@headrace/outbound-http';
import { PriceStore, ProjectStore } from '@headrace/project-store';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AdmissionSettings } from './admission/admission.settings.js';
import { AiRunnerSettings } from './ai-runner.config.js';
import { aiRunnerService } from './ai-runner.service-definition.js';
import { GenerateOnRequestAskedHandler } from './generate-on-request-asked.handler.js';
import { ProviderHealthSettings } from './health/health.settings.js';

const outbound = new OutboundHttpSettings();
const platform = [
  { provide: HeadraceSettings, useValue: new HeadraceSettings() },
  { provide: AiRunnerSettings, useValue: new AiRunnerSettings() },
  { provide: AdmissionSettings, useValue: new AdmissionSettings() },
  { provide: ProviderHealthSettings, useValue: new ProviderHealthSettings() },
  { provide: WAITING_LINES, useValue: new InMemoryWaitingLines() },
  { provide: EVENT_LOG, useValue: new InMemoryEventLog() },
  { provide: TIMERS, useValue: new InMemoryTimers() },
  { provide: ANSWER_PIECES, useValue: new InMemoryAnswerPieces() },
  { provide: REQUEST_FAILURES, useValue: new InMemoryRequestFailures() },
  { provide: OutboundHttpSettings, useValue: outbound },
  { provide: AddressPolicy, useValue: new AddressPolicy(outbound) },
  { provide: ProjectStore, useValue: {} },
  { provide: PriceStore, useValue: {} },
  { provide: SHARED_RECORDS, useValue: new InMemorySharedRecords() },
];

@Module({})
class Platform {}

@Module({})
class Process {}

describe('the ai-runner service', () => {
  it('starts on what the runtime provides and reads its consumer', async () => {
    const imports = [
      { module: Platform, global: true, providers: platform, exports: platform },
      aiRunnerService.module,
    ];
    const app = await NestFactory.createApplicationContext({ module: Process, imports }, { logger: false });
    const handler = app.get(GenerateOnRequestAskedHandler, { strict: false });
    expect(handlerMetadataOf(handler.generate)).toMatchObject({
      kind: 'event',
      consumer: { name: 'ai-runner-generate' },
      definitions: [{ type: 'request.accepted' }, { type: 'request.continued' }],
    });
    await app.close();
  });

  it('names every setting that is wrong', () => {
    const environment = { HEADRACE_PROVIDER_MAX_RESPONSE_BYTES: '1', HEADRACE_OFFLINE_FAULTS: 'perhaps' };
    expect(() => loadSettings(aiRunnerService.settings, environment)).toThrow(
      /HEADRACE_OFFLINE_FAULTS must be true or false[\s\S]*HEADRACE_PROVIDER_MAX_RESPONSE_BYTES/,
    );
  });
});
