import { HeadraceSettings } from '@headrace/config';
import { ReadModel, ReplayWork } from '@headrace/read-model';
import { Injectable } from '@nestjs/common';

/** Rows removed by one statement: short enough that nothing waits for it. */
const batch = 2_000;
const everyMs = 60_000;

/**
 * Removes dead letters from the lists when their time is over, and replays that ended as long ago. The payloads
 * leave the stream DLQ by its own age limit.
 */
@Injectable()
export class ExpiredDeadLetters {
  constructor(
    private readonly readModel: ReadModel,
    private readonly work: ReplayWork,
    private readonly settings: HeadraceSettings,
  ) {}

  /** Removes some; resolves to the milliseconds until the next time. */
  async forget(): Promise<number> {
    const before = new Date(Date.now() - this.settings.deadLetterMs);
    const letters = await this.readModel.forgetDeadLetters(before, batch);
    const ofReplays = await this.work.forget(before, batch);
    return Math.max(letters, ofReplays) < batch ? everyMs : 0;
  }
}
