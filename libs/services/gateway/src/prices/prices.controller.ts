import { ApiErrors } from '@headrace/http';
import { PriceStore } from '@headrace/project-store';
import { Body, Controller, Get, Put, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DatabaseErrorsInterceptor } from '../configuration/database-errors.interceptor.js';
import {
  CallerGuard,
  CurrentCaller,
  requireAdministrator,
  type Caller,
} from '../configuration/projects/caller.guard.js';
import { NewPricesDto, priceOf } from './prices.dto.js';
import { pricesView, PricesView, PriceVersionsView, PriceVersionView, priceVersionView } from './prices.view.js';

/** Most versions of the history that are told. */
const history = 100;

/** What models cost, for all projects. */
@ApiTags('prices')
@ApiBearerAuth()
@UseGuards(CallerGuard)
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/prices')
export class PricesController {
  constructor(private readonly prices: PriceStore) {}

  @Get()
  @ApiOperation({ summary: 'List the prices that requests are charged by' })
  @ApiOkResponse({ type: PricesView })
  @ApiErrors('invalid_api_key', 'permission_error')
  list(): PricesView {
    return pricesView(this.prices.current);
  }

  /** Holds for what is generated from now on; what was charged before stays. */
  @Put()
  @ApiOperation({ summary: "Replace the operator's own prices; the administrator's" })
  @ApiOkResponse({ type: PriceVersionView })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'conflict', 'service_unavailable')
  async replace(
    @Body() { prices, note = null }: NewPricesDto,
    @CurrentCaller() caller: Caller,
  ): Promise<PriceVersionView> {
    requireAdministrator(caller, 'Changing prices');
    return priceVersionView(await this.prices.replace(prices.map(priceOf), note));
  }

  @Get('versions')
  @ApiOperation({ summary: "List the versions of the operator's own prices, the latest first; the administrator's" })
  @ApiOkResponse({ type: PriceVersionsView })
  @ApiErrors('invalid_api_key', 'permission_error', 'service_unavailable')
  async versions(@CurrentCaller() caller: Caller): Promise<PriceVersionsView> {
    requireAdministrator(caller, 'Reading the history of prices');
    return { data: (await this.prices.history(history)).map(priceVersionView) };
  }
}
