import { deadLetterConsumer } from '@headrace/contracts';
import {
  HandlesGivenUp,
  PIPELINE_DEAD_LETTERS,
  type GivenUpMessage,
  type PipelineDeadLetters,
} from '@headrace/event-log';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable } from '@nestjs/common';

/** Copies what a consumer gave up to the dead-letter queue, from where it can be inspected and replayed. */
@Injectable()
export class KeepGivenUpHandler {
  constructor(@Inject(PIPELINE_DEAD_LETTERS) private readonly deadLetters: PipelineDeadLetters) {}

  @HandlesGivenUp(deadLetterConsumer)
  async keep(givenUp: GivenUpMessage): Promise<void> {
    await this.deadLetters.keep(givenUp);
    metrics.deadLetters.with('pipeline').add();
  }
}
