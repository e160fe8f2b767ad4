import { Module } from '@nestjs/common';
import { ExpireOnCallbackDeadlineHandler } from './expire-on-callback-deadline.handler.js';
import { RemindOnReminderDueHandler } from './remind-on-reminder-due.handler.js';
import { Reminders } from './reminders.js';
import { WatchDeadlineOnRequestGeneratedHandler } from './watch-deadline-on-request-generated.handler.js';

/** Watches the deadlines of callbacks, and reminds of them. */
@Module({
  providers: [
    WatchDeadlineOnRequestGeneratedHandler,
    ExpireOnCallbackDeadlineHandler,
    RemindOnReminderDueHandler,
    Reminders,
  ],
})
export class TimeoutWatcherModule {}
