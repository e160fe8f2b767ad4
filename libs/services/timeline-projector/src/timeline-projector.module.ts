import { Module } from '@nestjs/common';
import { ProjectOnAnyEventHandler } from './project-on-any-event.handler.js';

/** Keeps the read model in step with the log. */
@Module({ providers: [ProjectOnAnyEventHandler] })
export class TimelineProjectorModule {}
