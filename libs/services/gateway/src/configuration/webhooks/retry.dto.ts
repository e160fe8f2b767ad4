import type { ErrorDetail, RetrySetting } from '@headrace/contracts';
import { retryContradictions, retryLimits } from '@headrace/domain';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** Retries after waits that are listed. */
export class RetryScheduleDto {
  @ApiProperty({
    type: [Number],
    example: [0, 5, 60, 3_600],
    description:
      'Seconds to wait before each attempt, counted from the one before. The first attempt is made at once: the ' +
      'leading 0 may be left out.',
  })
  schedule_seconds: number[];
}

/** Retries after waits that grow. */
export class RetryGrowthDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: retryLimits.attempts, description: 'Attempts in all.' })
  attempts: number;

  @ApiProperty({ maximum: retryLimits.waitSeconds, description: 'Wait before attempt 2, more than 0.' })
  initial_seconds: number;

  @ApiProperty({ minimum: 1, maximum: retryLimits.factor, description: 'By how much each wait is longer.' })
  factor: number;

  @ApiProperty({ maximum: retryLimits.waitSeconds, description: 'No wait is longer.' })
  max_seconds: number;
}

/** A retry policy as it comes in and goes out. */
export type RetryDto = RetryScheduleDto | RetryGrowthDto;

const schema = {
  nullable: true,
  oneOf: [{ $ref: getSchemaPath(RetryScheduleDto) }, { $ref: getSchemaPath(RetryGrowthDto) }],
};

/** Property decorator: the documentation of a retry policy; its rules are `retryViolations`. */
export const ApiRetry =
  (description: string, { required = false } = {}): PropertyDecorator =>
  (target, property) => {
    ApiProperty({ ...schema, description, required })(target, property);
    // Models that stand only in a `oneOf` are looked for at classes.
    ApiExtraModels(RetryScheduleDto, RetryGrowthDto)(target.constructor);
  };

const growth = ['attempts', 'initial_seconds', 'factor', 'max_seconds'] as const;

const wireNames: Readonly<Record<string, string>> = {
  scheduleSeconds: 'schedule_seconds',
  initialSeconds: 'initial_seconds',
  maxSeconds: 'max_seconds',
};

/** Everything that is wrong with a policy, under the path of its field (`retry.factor`). */
export function retryViolations(retry: unknown, param = 'retry'): ErrorDetail[] {
  if (retry === null || retry === undefined) return [];
  const wrong = (field: string, problem: string): ErrorDetail => ({ param: field, message: `${field} ${problem}.` });
  const forms = 'either {"schedule_seconds": […]} or {"attempts", "initial_seconds", "factor", "max_seconds"}';
  if (typeof retry !== 'object' || Array.isArray(retry)) return [wrong(param, `must be ${forms}, or null`)];
  const isListed = 'schedule_seconds' in retry;
  if (isListed === growth.some((field) => field in retry)) {
    return [wrong(param, isListed ? `must be ${forms}, not both` : `must be ${forms}`)];
  }
  const missing = isListed
    ? listProblems(retry.schedule_seconds).map(({ field, problem }) => wrong(`${param}.${field}`, problem))
    : growth
        .filter((field) => typeof (retry as Record<string, unknown>)[field] !== 'number')
        .map((field) => wrong(`${param}.${field}`, 'must be a number'));
  if (missing.length > 0) return missing;
  return retryContradictions(retrySettingOf(retry as RetryDto)).map(({ field, message }) => {
    const [first = '', ...rest] = field.split('.');
    return wrong([param, wireNames[first] ?? first, ...rest].join('.'), message);
  });
}

function listProblems(list: unknown): { field: string; problem: string }[] {
  const field = 'schedule_seconds';
  if (!Array.isArray(list)) return [{ field, problem: 'must be a list of seconds' }];
  return list.flatMap((wait: unknown, index) =>
    typeof wait === 'number' ? [] : [{ field: `${field}.${index}`, problem: 'must be a number of seconds' }],
  );
}

/** A policy without violations, as the system keeps it: nothing but the fields of its form. */
export function retrySettingOf(retry: RetryDto): RetrySetting {
  if ('schedule_seconds' in retry) return { scheduleSeconds: retry.schedule_seconds };
  const { attempts, initial_seconds: initialSeconds, factor, max_seconds: maxSeconds } = retry;
  return { attempts, initialSeconds, factor, maxSeconds };
}

/** A policy as it goes out. */
export function retryView(setting: RetrySetting | null): RetryDto | null {
  if (setting === null) return null;
  if ('scheduleSeconds' in setting) return { schedule_seconds: [...setting.scheduleSeconds] };
  const { attempts, initialSeconds, factor, maxSeconds } = setting;
  return { attempts, initial_seconds: initialSeconds, factor, max_seconds: maxSeconds };
}
