import { ApiErrors, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { ReadModel, type DeliveryFilter } from '@headrace/read-model';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiListResponse, type ListView } from '../configuration/list/list.view.js';
import { encodeDeliveryCursor } from './delivery-cursor.js';
import { deliveryPageOf } from './page-query.dto.js';
import { deliveryView, DeliveryView } from './delivery.view.js';
import { fromReadModel } from './from-read-model.js';
import { ListDeliveriesDto } from './list-deliveries.dto.js';

/** Tells what became of webhook deliveries. */
@ApiTags('deliveries')
@Controller(['v1/deliveries', 'api/v1/deliveries'])
export class DeliveriesController {
  constructor(private readonly readModel: ReadModel) {}

  /** The project's deliveries, last planned first; some milliseconds behind the log. */
  @Get()
  @RequiresProjectKey()
  @ApiOperation({ summary: 'List webhook deliveries with their attempts' })
  @ApiListResponse(DeliveryView)
  @ApiErrors('invalid_request_error', 'service_unavailable')
  list(
    @Query() query: ListDeliveriesDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<DeliveryView>> {
    return fromReadModel(async () => {
      const { items, next } = await this.readModel.listDeliveries(projectId, filterOf(query), deliveryPageOf(query));
      const attempts = await this.readModel.deliveryAttempts(projectId, items);
      return {
        data: items.map((row) => deliveryView(row, attempts.get(row.id) ?? [])),
        next_cursor: next && encodeDeliveryCursor(next),
      };
    });
  }
}

const filterOf = ({ channel_id, endpoint_id, status }: ListDeliveriesDto): DeliveryFilter => ({
  ...(channel_id === undefined ? {} : { channel: channel_id }),
  ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id }),
  ...(status === undefined ? {} : { status }),
});
