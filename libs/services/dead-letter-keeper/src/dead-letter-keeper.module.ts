import { Module } from '@nestjs/common';
import { KeepGivenUpHandler } from './keep-given-up.handler.js';

/** The dead-letter keeper: no route, no setting, one handler. */
@Module({ providers: [KeepGivenUpHandler] })
export class DeadLetterKeeperModule {}
