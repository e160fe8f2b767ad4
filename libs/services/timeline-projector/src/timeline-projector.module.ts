import { Module } from '@nestjs/common';
import { EndpointStatisticsKeeper } from './endpoint-statistics.keeper.js';
import { ProjectOnAnyEventHandler } from './project-on-any-event.handler.js';

/** Keeps the read model in step with the log. */
@Module({ providers: [ProjectOnAnyEventHandler, EndpointStatisticsKeeper] })
export class TimelineProjectorModule {}
