import { Module } from '@nestjs/common';
import { ExpireOnCallbackDeadlineHandler } from './expire-on-callback-deadline.handler.js';
import { WatchDeadlineOnRequestGeneratedHandler } from './watch-deadline-on-request-generated.handler.js';

/** Watches the deadlines of callbacks. */
@Module({ providers: [WatchDeadlineOnRequestGeneratedHandler, ExpireOnCallbackDeadlineHandler] })
export class TimeoutWatcherModule {}
