import { Module } from '@nestjs/common';
import { DeadLetterFinder } from './dead-letters/dead-letter.finder.js';
import { DeadLetterReplayer } from './dead-letters/dead-letter.replayer.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { NewReplayController } from './replays/new-replay.controller.js';
import { ReplayKeeper } from './replays/replay.keeper.js';
import { ReplayMaker } from './replays/replay.maker.js';
import { ReplaysController } from './replays/replays.controller.js';

/** Telling what became of webhook deliveries, and sending once more those that no endpoint took. */
@Module({
  controllers: [DeliveriesController, DeadLettersController, NewReplayController, ReplaysController],
  providers: [DeadLetterFinder, DeadLetterReplayer, ReplayMaker, ReplayKeeper],
})
export class DeliveryModule {}
