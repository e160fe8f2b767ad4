import { describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { EVENT_LOG, handlerMetadataOf, TIMERS } from '@headrace/event-log';
import { InMemoryEventLog, InMemoryTimers } from '@headrace/event-log/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpireOnCallbackDeadlineHandler } from './expire-on-callback-deadline.handler.js';
import { RemindOnReminderDueHandler } from './remind-on-reminder-due.handler.js';
import { timeoutWatcherService } from './timeout-watcher.service-definition.js';
import { WatchDeadlineOnRequestGeneratedHandler } from './watch-deadline-on-request-generated.handler.js';

const platform = [
  { provide: EVENT_LOG, useValue: new InMemoryEventLog() },
  { provide: TIMERS, useValue: new InMemoryTimers() },
  { provide: HeadraceSettings, useValue: new HeadraceSettings() },
];

@Module({})
class Platform {}

@Module({})
class Process {}

describe('the timeout-watcher service', () => {
  it('starts on what the runtime provides and reads its consumers', async () => {
    const imports = [
      { module: Platform, global: true, providers: platform, exports: platform },
      timeoutWatcherService.module,
    ];
    const app = await NestFactory.createApplicationContext({ module: Process, imports }, { logger: false });
    const { watch } = app.get(WatchDeadlineOnRequestGeneratedHandler, { strict: false });
    const { expire } = app.get(ExpireOnCallbackDeadlineHandler, { strict: false });
    const { remind } = app.get(RemindOnReminderDueHandler, { strict: false });
    expect(handlerMetadataOf(remind)).toMatchObject({ kind: 'timer', consumer: { name: 'timeout-watcher-remind' } });
    expect(handlerMetadataOf(watch)).toMatchObject({ consumer: { name: 'timeout-watcher-set' } });
    expect(handlerMetadataOf(expire)).toMatchObject({ kind: 'timer', consumer: { name: 'timeout-watcher-due' } });
    await app.close();
  });
});
