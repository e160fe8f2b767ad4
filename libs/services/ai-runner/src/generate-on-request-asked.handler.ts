import { aiRunnerConsumer, requestAccepted, requestContinued } from '@headrace/contracts';
import { Handles, type Delivery } from '@headrace/event-log';
import { Injectable } from '@nestjs/common';
import type { AskedEvent } from './asked-event.js';
import { Generations } from './generations.js';

/** Gets the AI's answer for each request that was accepted, or that a callback went on with. */
@Injectable()
export class GenerateOnRequestAskedHandler {
  constructor(private readonly generations: Generations) {}

  @Handles(aiRunnerConsumer, requestAccepted, requestContinued)
  async generate(event: AskedEvent, delivery: Delivery): Promise<void> {
    await this.generations.begin(event, delivery);
  }
}
