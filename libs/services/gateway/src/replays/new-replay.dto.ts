import { webhookTypes, type ErrorDetail } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import type { DeadLetterFilter } from '@headrace/read-model';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { instantMessage, isInstant } from '../dead-letters/instant.rules.js';
import { isDeliveryId } from '../deliveries/delivery-cursor.js';
import { replayRate } from './replay-rate.dto.js';

const filterFields = ['endpoint_id', 'channel_id', 'type', 'http_status', 'error', 'since', 'until'] as const;

/** Body of `POST /v1/dead-letters/replay`: `ids`, or a filter, or `all`. */
export class NewReplayDto implements HasFurtherRules {
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: 1_000, description: 'These dead letters.' })
  @IsOptional()
  @ArrayMaxSize(1_000)
  @ArrayNotEmpty()
  @IsArray()
  ids?: unknown[] | null;

  @ApiPropertyOptional({ type: 'boolean', description: 'True: every dead letter of the project.' })
  @IsOptional()
  @IsBoolean()
  all?: boolean | null;

  @ApiPropertyOptional({ type: 'string', description: 'All of this endpoint.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'endpoint_id must be the id of an endpoint' })
  endpoint_id?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', description: 'All of this request.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { message: 'channel_id must be a UUID' })
  channel_id?: string | null;

  @ApiPropertyOptional({ enum: webhookTypes })
  @IsOptional()
  @IsIn(webhookTypes)
  type?: string | null;

  @ApiPropertyOptional({ type: 'integer', description: 'Those whose last attempt was answered with this status.' })
  @IsOptional()
  @Max(599)
  @Min(100)
  @IsInt()
  http_status?: number | null;

  @ApiPropertyOptional({ type: 'string', description: 'Those with this error code, `timeout` for example.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_.-]{1,100}$/, { message: 'error must be an error code such as http_status or timeout' })
  error?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Those given up at or after this time.' })
  since?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Those given up before this time.' })
  until?: string | null;

  @ApiPropertyOptional({ type: 'number', ...replayRate })
  @IsOptional()
  @Max(replayRate.maximum)
  @Min(replayRate.minimum)
  @IsNumber()
  rate_per_second?: number | null;

  @ApiPropertyOptional({
    type: 'string',
    description: "Another endpoint of the project that all of it goes to, not each letter's own.",
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'to_endpoint_id must be the id of an endpoint' })
  to_endpoint_id?: string | null;

  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'Sends also what was replayed well before.' })
  @IsOptional()
  @IsBoolean()
  include_replayed?: boolean | null;

  [furtherRules](): ErrorDetail[] {
    return [...this.idRules(), ...this.timeRules(), ...this.selectionRules()];
  }

  private idRules(): ErrorDetail[] {
    if (!Array.isArray(this.ids)) return [];
    return this.ids.flatMap((id, index) =>
      typeof id === 'string' && isDeliveryId(id)
        ? []
        : [{ param: `ids.${index}`, message: `ids.${index} must be the id of a dead letter.` }],
    );
  }

  private timeRules(): ErrorDetail[] {
    const { since, until } = this;
    const wrong = (['since', 'until'] as const).filter((param) => isGiven(this[param]) && !isInstant(this[param]));
    if (wrong.length > 0) return wrong.map((param) => ({ param, message: instantMessage(param) }));
    return isGiven(since) && isGiven(until) && Date.parse(String(since)) >= Date.parse(String(until))
      ? [{ param: 'until', message: 'until must be later than since.' }]
      : [];
  }

  /** One way to choose letters; nothing at all is more likely a mistake than the wish for everything. */
  private selectionRules(): ErrorDetail[] {
    const filters = filterFields.filter((field) => isGiven(this[field]));
    const isAll = this.all === true;
    if (isGiven(this.ids) && (isAll || filters.length > 0)) {
      const other = isAll ? 'all' : filters[0];
      return [{ param: 'ids', message: `ids cannot be combined with ${other}. Send one of them.` }];
    }
    if (isAll && filters.length > 0) {
      return [{ param: 'all', message: `all means every dead letter. Leave it out to filter by ${filters[0]}.` }];
    }
    if (isGiven(this.ids) || isAll || filters.length > 0) return [];
    const message = `Say which dead letters: ids, a filter (${filterFields.join(', ')}), or {"all": true} for every one.`;
    return [{ param: 'all', message }];
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** The ids that a checked body names, each once; undefined when it has a filter. */
export const replayIdsOf = ({ ids }: NewReplayDto): readonly string[] | undefined =>
  ids ? ids.map(String) : undefined;

/** The filter of a checked body. */
export function replayFilterOf(body: NewReplayDto): DeadLetterFilter {
  const { endpoint_id, channel_id, type, http_status, error, since, until } = body;
  return {
    ...(endpoint_id ? { endpointId: endpoint_id } : {}),
    ...(channel_id ? { channel: channel_id } : {}),
    ...(type ? { type } : {}),
    ...(http_status ? { httpStatus: http_status } : {}),
    ...(error ? { error } : {}),
    ...(since ? { since: new Date(since) } : {}),
    ...(until ? { until: new Date(until) } : {}),
  };
}
