import type { ModelPrice } from '@headrace/contracts';
import { listPricesDate, listPricesSource, PriceTable } from '@headrace/domain';
import type { OwnPrices } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';
import { PriceDto } from './prices.dto.js';

/** A price in use. */
export class PriceView extends PriceDto {
  @ApiProperty({ enum: ['list', 'own'], description: 'From the list that comes along, or from the operator.' })
  source: 'list' | 'own';
}

/** The list that comes along. */
export class PriceListView {
  @ApiProperty({ example: listPricesDate })
  date: string;

  @ApiProperty()
  source: string;
}

/** Answer of `GET /v1/prices`. */
export class PricesView {
  @ApiProperty({ description: "Version of the operator's own prices; 0 while there are none." })
  version: number;

  @ApiProperty()
  list: PriceListView;

  @ApiProperty({ type: [PriceView] })
  data: PriceView[];
}

/** The operator's prices after one change. */
export class PriceVersionView {
  @ApiProperty()
  version: number;

  @ApiProperty({ type: 'string', nullable: true })
  note: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: [PriceDto] })
  prices: PriceDto[];
}

/** Answer of `GET /v1/prices/versions`. */
export class PriceVersionsView {
  @ApiProperty({ type: [PriceVersionView] })
  data: PriceVersionView[];
}

const dtoOf = (price: ModelPrice): PriceDto => ({
  provider: price.provider,
  model: price.model,
  input_usd: price.inputUsd,
  output_usd: price.outputUsd,
  cached_input_usd: price.cachedInputUsd,
  cache_write_usd: price.cacheWriteUsd ?? null,
  cache_write_1h_usd: price.cacheWriteHourUsd ?? null,
});

/** Every price in use, the operator's in front of the list's. */
export function pricesView({ version, prices }: OwnPrices): PricesView {
  const own = new Set(prices);
  const data = new PriceTable(prices).prices.map((price): PriceView => ({
    ...dtoOf(price),
    source: own.has(price) ? 'own' : 'list',
  }));
  return { version, list: { date: listPricesDate, source: listPricesSource }, data };
}

/** One entry of the history. */
export const priceVersionView = ({ version, prices, note, createdAt }: OwnPrices): PriceVersionView => ({
  version,
  note,
  created_at: createdAt?.toISOString() ?? '',
  prices: prices.map(dtoOf),
});
