import { generationResumeConsumer, generationResumeTimer } from '@headrace/contracts';
import { HandlesTimer, type Delivery, type FiredTimer } from '@headrace/event-log';
import { Injectable } from '@nestjs/common';
import { Generations } from './generations.js';

/** Goes on with generations that waited for a provider, when their timers fire. */
@Injectable()
export class ResumeOnGenerationDueHandler {
  constructor(private readonly generations: Generations) {}

  @HandlesTimer(generationResumeConsumer, generationResumeTimer)
  async resume({ address, data }: FiredTimer<typeof generationResumeTimer>, delivery: Delivery): Promise<void> {
    await this.generations.resume(address.project, address.channel, data.revision, delivery);
  }
}
