import type { ErrorDetail, ModelPrice } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { unknownFieldViolations } from '../configuration/unknown-field.violations.js';
import { IsOptional, IsString, MaxLength } from 'class-validator';

const most = 2_000;
const mostUsd = 100_000;
const required = ['input_usd', 'output_usd'] as const;
const optional = ['cached_input_usd', 'cache_write_usd', 'cache_write_1h_usd'] as const;

/** The price of one model. */
export class PriceDto {
  @ApiProperty({ example: 'openai' })
  provider: string;

  @ApiProperty({ example: 'gpt-4o', description: 'A model, the beginning of names and `*`, or `*` for all.' })
  model: string;

  @ApiProperty({ description: 'US dollars for a million tokens of the prompt.' })
  input_usd: number;

  @ApiProperty({ description: 'US dollars for a million tokens of the answer, reasoning included.' })
  output_usd: number;

  @ApiPropertyOptional({ type: 'number', nullable: true, description: 'Of cached prompt tokens; null: as input.' })
  cached_input_usd?: number | null;

  @ApiPropertyOptional({
    type: 'number',
    nullable: true,
    description: 'Of prompt tokens that the provider writes into its cache; null: as input.',
  })
  cache_write_usd?: number | null;

  @ApiPropertyOptional({
    type: 'number',
    nullable: true,
    description: 'Of those that it keeps there for an hour; null: as cache_write_usd.',
  })
  cache_write_1h_usd?: number | null;
}

/** Body of `PUT /v1/prices`. */
export class NewPricesDto implements HasFurtherRules {
  @ApiProperty({ type: [PriceDto], description: 'All prices of your own; those of before are replaced.' })
  prices: PriceDto[];

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 500, description: 'Why, for the history.' })
  @IsOptional()
  @MaxLength(500)
  @IsString()
  note?: string | null;

  /** Everything that is wrong with the prices, under its path. */
  [furtherRules](): readonly ErrorDetail[] {
    const prices: unknown = this.prices;
    if (!Array.isArray(prices) || prices.length > most) {
      return [{ param: 'prices', message: `prices must be a list of at most ${most} prices.` }];
    }
    const seen = new Set<string>();
    return prices.flatMap((price: unknown, index) => priceViolations(price, `prices.${index}`, seen));
  }
}

function priceViolations(price: unknown, path: string, seen: Set<string>): ErrorDetail[] {
  if (typeof price !== 'object' || price === null) return [{ param: path, message: `${path} must be an object.` }];
  const fields = price as Readonly<Record<string, unknown>>;
  const names = (['provider', 'model'] as const).flatMap((name) => {
    const value = fields[name];
    const fits = typeof value === 'string' && value.length > 0 && value.length <= 200;
    return fits ? [] : [{ param: `${path}.${name}`, message: `${path}.${name} must be text of 1 to 200 characters.` }];
  });
  const given = optional.filter((name) => (fields[name] ?? null) !== null);
  const wrong = [...required, ...given].flatMap((name) => {
    const value = fields[name];
    const fits = typeof value === 'number' && value >= 0 && value <= mostUsd;
    return fits
      ? []
      : [{ param: `${path}.${name}`, message: `${path}.${name} must be a number from 0 to ${mostUsd}.` }];
  });
  const identity = JSON.stringify([fields.provider, fields.model]);
  const twice = seen.has(identity) ? [{ param: path, message: `${path} prices a model that is priced above.` }] : [];
  seen.add(identity);
  const unknown = unknownFieldViolations(fields, ['provider', 'model', ...required, ...optional, 'source'], `${path}.`);
  return [...names, ...wrong, ...unknown, ...twice];
}

/** A price as the system keeps it. */
export const priceOf = (price: PriceDto): ModelPrice => ({
  provider: price.provider,
  model: price.model,
  inputUsd: price.input_usd,
  outputUsd: price.output_usd,
  cachedInputUsd: price.cached_input_usd ?? null,
  cacheWriteUsd: price.cache_write_usd ?? null,
  cacheWriteHourUsd: price.cache_write_1h_usd ?? null,
});
