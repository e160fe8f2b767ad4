import { ApiErrors, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { ReplayStore } from '@headrace/read-model';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiListResponse, type ListView } from '../configuration/list/list.view.js';
import { encodeDeliveryCursor } from '../deliveries/delivery-cursor.js';
import { fromReadModel } from '../deliveries/from-read-model.js';
import { deliveryPageOf, PageQueryDto } from '../deliveries/page-query.dto.js';
import { ReplayRateDto } from './replay-rate.dto.js';
import { ReplayKeeper } from './replay.keeper.js';
import { replayView, ReplayView } from './replay.view.js';

/** Tells how far replays of dead letters are, and stops them. */
@ApiTags('dead letters')
@Controller(['v1/replays', 'api/v1/replays'])
export class ReplaysController {
  constructor(
    private readonly keeper: ReplayKeeper,
    private readonly replays: ReplayStore,
  ) {}

  /** The project's replays, newest first. */
  @Get()
  @RequiresProjectKey()
  @ApiOperation({ summary: 'List replays' })
  @ApiListResponse(ReplayView)
  @ApiErrors('invalid_request_error', 'service_unavailable')
  async list(
    @Query() query: PageQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<ReplayView>> {
    const { items, next } = await fromReadModel(() => this.replays.list(projectId, deliveryPageOf(query)));
    return { data: items.map(replayView), next_cursor: next && encodeDeliveryCursor(next) };
  }

  /** Counts are what was recorded: some milliseconds behind for plans, up to seconds behind for their ends. */
  @Get(':id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Get a replay with its progress' })
  @ApiOkResponse({ type: ReplayView })
  @ApiErrors('permission_error', 'not_found', 'service_unavailable')
  async show(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ReplayView> {
    return replayView(await this.keeper.one(projectId, id));
  }

  @Patch(':id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Change the rate of a replay' })
  @ApiOkResponse({ type: ReplayView })
  @ApiErrors('invalid_request_error', 'permission_error', 'not_found', 'replay_ended', 'service_unavailable')
  async changeRate(
    @Param('id') id: string,
    @Body() body: ReplayRateDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ReplayView> {
    return replayView(await this.keeper.changeRate(projectId, id, body.rate_per_second));
  }

  /** Deliveries that were planned already are made all the same. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Cancel a replay: nothing further is planned' })
  @ApiOkResponse({ type: ReplayView })
  @ApiErrors('permission_error', 'not_found', 'replay_ended', 'service_unavailable')
  async cancel(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ReplayView> {
    return replayView(await this.keeper.change(projectId, id, 'cancel'));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Pause a replay' })
  @ApiOkResponse({ type: ReplayView })
  @ApiErrors('permission_error', 'not_found', 'replay_ended', 'service_unavailable')
  async pause(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ReplayView> {
    return replayView(await this.keeper.change(projectId, id, 'pause'));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Resume a replay that was paused' })
  @ApiOkResponse({ type: ReplayView })
  @ApiErrors('permission_error', 'not_found', 'replay_ended', 'service_unavailable')
  async resume(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ReplayView> {
    return replayView(await this.keeper.change(projectId, id, 'resume'));
  }
}
