import { HeadraceSettings } from '@headrace/config';
import { ApiErrors, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { ReadModel, type LastReplay } from '@headrace/read-model';
import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiListResponse, type ListView } from '../configuration/list/list.view.js';
import { encodeDeliveryCursor } from '../deliveries/delivery-cursor.js';
import { deliveryPageOf } from '../deliveries/page-query.dto.js';
import { DeliveryView, plannedDeliveryView } from '../deliveries/delivery.view.js';
import { fromReadModel } from '../deliveries/from-read-model.js';
import { DeadLetterFinder } from './dead-letter.finder.js';
import { DeadLetterReplayer } from './dead-letter.replayer.js';
import {
  deadLetterDetailView,
  DeadLetterDetailView,
  deadLetterView,
  DeadLetterView,
  type DeadLetterContext,
} from './dead-letter.view.js';
import { deadLetterFilterOf, ListDeadLettersDto } from './list-dead-letters.dto.js';

/** Tells of deliveries that no endpoint took, and sends them once more. */
@ApiTags('dead letters')
@Controller(['v1/dead-letters', 'api/v1/dead-letters'])
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetterFinder,
    private readonly replayer: DeadLetterReplayer,
    private readonly readModel: ReadModel,
    private readonly settings: HeadraceSettings,
  ) {}

  /** The project's dead letters, last given up first. */
  @Get()
  @RequiresProjectKey()
  @ApiOperation({ summary: 'List dead letters' })
  @ApiListResponse(DeadLetterView)
  @ApiErrors('invalid_request_error', 'service_unavailable')
  async list(
    @Query() query: ListDeadLettersDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<DeadLetterView>> {
    const { items, next } = await this.letters.page(projectId, deadLetterFilterOf(query), deliveryPageOf(query));
    const replays = await fromReadModel(() => this.readModel.lastReplays(items.map(({ id }) => id)));
    const data = items.map((row) => deadLetterView(row, this.context(replays.get(row.id))));
    return { data, next_cursor: next && encodeDeliveryCursor(next) };
  }

  /** Payload, headers and every attempt. */
  @Get(':id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Get a dead letter with its payload and attempts' })
  @ApiOkResponse({ type: DeadLetterDetailView })
  @ApiErrors('permission_error', 'not_found', 'service_unavailable')
  async show(
    @Param('id') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<DeadLetterDetailView> {
    const { row, kept } = await this.letters.one(projectId, id);
    const [attempts, replays] = await fromReadModel(() =>
      Promise.all([this.readModel.deliveryAttempts(projectId, [row]), this.readModel.lastReplays([id])]),
    );
    return deadLetterDetailView(row, this.context(replays.get(id)), kept, attempts.get(id) ?? []);
  }

  /** A new delivery of the same bytes under the same `webhook-id`. */
  @Post(':id/replay')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Send a dead letter once more, to the URL that its endpoint has now' })
  @ApiCreatedResponse({ type: DeliveryView })
  @ApiErrors('permission_error', 'not_found', 'replay_not_possible', 'service_unavailable')
  async replay(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<DeliveryView> {
    const letter = await this.letters.one(projectId, id);
    return plannedDeliveryView(letter.row.channel, await this.replayer.replay(letter));
  }

  private context(lastReplay: LastReplay | undefined): DeadLetterContext {
    return { keptMs: this.settings.deadLetterMs, lastReplay };
  }
}
