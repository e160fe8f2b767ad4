import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { WebhookEndpointAdministration } from '@headrace/project-store';
import { ReadModel } from '@headrace/read-model';
import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { fromReadModel } from '../../../deliveries/from-read-model.js';
import { ConfigurationRoute } from '../../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../../database-errors.interceptor.js';
import { beginOf, StatsQueryDto } from './stats-window.js';
import { webhookStatsView, WebhookStatsView } from './webhook-stats.view.js';

/** Tells how webhooks to an endpoint fare. */
@ApiTags('webhooks')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/webhooks')
export class WebhookStatsController {
  constructor(
    private readonly endpoints: WebhookEndpointAdministration,
    private readonly readModel: ReadModel,
  ) {}

  /** Counted while events are written, so the answer takes as long for a million deliveries as for ten. */
  @Get(':id/stats')
  @ConfigurationRoute('Get how webhooks to an endpoint fare', 'not_found')
  @ApiOkResponse({ type: WebhookStatsView })
  async show(
    @Param('id') id: string,
    @Query() { window = '24h' }: StatsQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookStatsView> {
    const endpoint = await this.endpoints.find(projectId, id);
    const to = new Date();
    const from = beginOf(window, to);
    const stats = await fromReadModel(() => this.readModel.endpointStats(projectId, endpoint.id, from));
    return webhookStatsView({ endpointId: endpoint.id, window, from, to }, stats);
  }
}
