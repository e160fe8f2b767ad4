import { ApiErrors, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NewReplayDto } from './new-replay.dto.js';
import { ReplayMaker } from './replay.maker.js';
import { replayView, ReplayView } from './replay.view.js';

/** Takes the wish to send many dead letters once more. */
@ApiTags('dead letters')
@Controller(['v1/dead-letters', 'api/v1/dead-letters'])
export class NewReplayController {
  constructor(private readonly maker: ReplayMaker) {}

  /** Chooses the letters now; what dies later is not among them. */
  @Post('replay')
  @HttpCode(202)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Send many dead letters once more: some by id, all that a filter finds, or all' })
  @ApiAcceptedResponse({ type: ReplayView })
  @ApiErrors('invalid_request_error', 'service_unavailable')
  async create(@Body() body: NewReplayDto, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ReplayView> {
    return replayView(await this.maker.make(projectId, body));
  }
}
