import { rateLimitScopes, type ErrorDetail, type RateLimit, type RateLimits } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { unknownFieldViolations } from '../configuration/unknown-field.violations.js';

const mostRequests = 1_000_000;
const mostSeconds = 86_400;
const mostKeys = 1_000;
const mostConcurrent = 100_000;

const fields = [...rateLimitScopes, 'keys', 'concurrent'] as const;

const limitSchema = {
  type: 'object' as const,
  required: ['requests', 'seconds'],
  properties: {
    requests: { type: 'integer' as const, minimum: 1, maximum: mostRequests },
    seconds: { type: 'integer' as const, minimum: 1, maximum: mostSeconds },
  },
};

/** In a `oneOf`, since `required` of a property says whether the property itself is. */
const limitOrNull = { nullable: true, oneOf: [limitSchema] };

/** Rate limits as they come in and go out: what is left out or null is not limited. */
export class RateLimitsDto implements HasFurtherRules {
  @ApiPropertyOptional({ ...limitOrNull, description: 'Of all requests of the project together.' })
  project?: RateLimit | null;

  @ApiPropertyOptional({ ...limitOrNull, description: 'Of each API key.' })
  key?: RateLimit | null;

  @ApiPropertyOptional({
    ...limitOrNull,
    description: 'Of each `user_id` (or `safety_identifier`, or `user`); requests without one have no such limit.',
  })
  user?: RateLimit | null;

  @ApiPropertyOptional({ ...limitOrNull, description: 'Of each client address (of IPv6: of each /64).' })
  ip?: RateLimit | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { ...limitSchema, nullable: true },
    description: 'Of single API keys, by their ids, in the place of `key`.',
  })
  keys?: Record<string, RateLimit> | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: mostConcurrent,
    description: 'Most generations of the project at once. What is beyond waits and is not refused.',
  })
  concurrent?: number | null;

  /** Everything that is wrong, under its path. */
  [furtherRules](): readonly ErrorDetail[] {
    const { keys, concurrent } = this;
    const named = [
      ...unknownFieldViolations(this, fields),
      ...rateLimitScopes.flatMap((scope) => limitViolations(scope, this[scope])),
      ...(concurrent == null ? [] : numberViolations('concurrent', concurrent, mostConcurrent)),
    ];
    if (keys === undefined || keys === null) return named;
    if (typeof keys !== 'object' || Array.isArray(keys) || Object.keys(keys).length > mostKeys) {
      const message = `keys must be an object of at most ${mostKeys} limits by the ids of API keys.`;
      return [...named, { param: 'keys', message }];
    }
    return [...named, ...Object.entries(keys).flatMap(([id, limit]) => limitViolations(`keys.${id}`, limit ?? {}))];
  }
}

function limitViolations(param: string, limit: unknown): ErrorDetail[] {
  if (limit === undefined || limit === null) return [];
  const { requests, seconds } = (typeof limit === 'object' ? limit : {}) as Readonly<Record<string, unknown>>;
  return [
    ...unknownFieldViolations(typeof limit === 'object' ? limit : {}, ['requests', 'seconds'], `${param}.`),
    ...numberViolations(`${param}.requests`, requests, mostRequests),
    ...numberViolations(`${param}.seconds`, seconds, mostSeconds),
  ];
}

function numberViolations(param: string, value: unknown, most: number): ErrorDetail[] {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
  return fits ? [] : [{ param, message: `${param} must be a whole number from 1 to ${most}.` }];
}

const limitOf = (limit: RateLimit | null | undefined): RateLimit | null =>
  limit ? { requests: limit.requests, seconds: limit.seconds } : null;

/** Limits as the system keeps them; null when there are none. */
export function rateLimitsOf({ project, key, user, ip, keys, concurrent = null }: RateLimitsDto): RateLimits | null {
  const single = Object.entries(keys ?? {}).map(([id, limit]) => [id, { ...limit }] as const);
  const limits = { project: limitOf(project), key: limitOf(key), user: limitOf(user), ip: limitOf(ip) };
  const none = single.length === 0 && concurrent === null && rateLimitScopes.every((scope) => limits[scope] === null);
  return none ? null : { ...limits, keys: Object.fromEntries(single), concurrent };
}

/** Limits as they go out. */
export function rateLimitsView(limits: RateLimits | null): RateLimitsDto {
  const { project, key, user, ip, keys } = limits ?? { project: null, key: null, user: null, ip: null, keys: {} };
  const concurrent = limits?.concurrent ?? null;
  return Object.assign(new RateLimitsDto(), { project, key, user, ip, keys, concurrent });
}
