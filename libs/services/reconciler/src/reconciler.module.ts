import { Module } from '@nestjs/common';
import { LostDeadLetters } from './lost/lost-dead-letters.js';
import { LostDeliveries } from './lost/lost-deliveries.js';
import { LostReminders } from './lost/lost-reminders.js';
import { LostRequests } from './lost/lost-requests.js';
import { LostTimers } from './lost/lost-timers.js';
import { LostTurns } from './lost/lost-turns.js';
import { Reconciler } from './reconciler.js';
import { Reconciliation } from './reconciliation.js';

/** Keeps the promises of the log when the log was lost. */
@Module({
  providers: [
    LostDeliveries,
    LostRequests,
    LostTimers,
    LostTurns,
    LostReminders,
    LostDeadLetters,
    Reconciliation,
    Reconciler,
  ],
})
export class ReconcilerModule {}
