import { Module } from '@nestjs/common';
import { DeadLetterChores } from './dead-letter-chores.js';
import { ExpiredDeadLetters } from './expiry/expired-dead-letters.js';
import { KeepGivenUpHandler } from './keep-given-up.handler.js';
import { ReplayPlanner } from './replays/replay-planner.js';
import { ReplayRunner } from './replays/replay-runner.js';

/** The dead-letter keeper: keeps what was given up, works off bulk replays, and forgets what is too old. */
@Module({ providers: [KeepGivenUpHandler, ReplayPlanner, ReplayRunner, ExpiredDeadLetters, DeadLetterChores] })
export class DeadLetterKeeperModule {}
