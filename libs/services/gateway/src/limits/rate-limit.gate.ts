import { createHash } from 'node:crypto';
import {
  rateLimitScopes,
  type RateLimit,
  type RateLimits,
  type RateLimitScope,
  type RecordAddress,
} from '@headrace/contracts';
import { SHARED_RECORDS, type SharedRecords } from '@headrace/event-log';
import { ApiError, networkOf } from '@headrace/http';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ArrivingRequest, GateOutcome, RequestGate } from '../accept/request-gate.js';
import { rateLimitHeaders, type LimitState } from './rate-limit-headers.js';
import { SharedBuckets } from './shared-buckets.js';

/** One limit that a request falls under, and where its tokens are. */
interface Applied {
  readonly scope: RateLimitScope;
  readonly limit: RateLimit;
  readonly address: RecordAddress;
}

const whose: Readonly<Record<RateLimitScope, string>> = {
  key: 'this API key',
  user: 'this user_id',
  ip: 'this address',
  project: 'this project',
};

/** Holds requests to the rate limits of their project: a token of each limit's bucket for each request. */
@Injectable()
export class RateLimitGate implements RequestGate {
  private readonly log = new Logger('RateLimits');
  private readonly buckets: SharedBuckets;

  constructor(@Inject(SHARED_RECORDS) records: SharedRecords) {
    this.buckets = new SharedBuckets(records);
  }

  /** Throws `rate_limit_exceeded`. A project without limits costs nothing. */
  admit(request: ArrivingRequest): undefined | Promise<GateOutcome | undefined> {
    const { rateLimits } = request.asker.project;
    if (rateLimits === null) return undefined;
    const applied = appliedTo(request, rateLimits);
    return applied.length === 0 ? undefined : this.take(request, applied);
  }

  /** The narrowest limit first, so that one who is over his own takes nothing from the others. */
  private async take(request: ArrivingRequest, applied: readonly Applied[]): Promise<GateOutcome> {
    const states: LimitState[] = [];
    for (const [index, { scope, limit, address }] of applied.entries()) {
      const outcome = await this.buckets.take(address, limit);
      states.push({ scope, limit, outcome });
      if (outcome.allowed) continue;
      for (const earlier of applied.slice(0, index)) this.buckets.giveBack(earlier.address);
      throw this.refusal(request, { scope, limit, outcome }, states);
    }
    return { headers: rateLimitHeaders(states) };
  }

  private refusal({ asker }: ArrivingRequest, refused: LimitState, states: readonly LimitState[]): ApiError {
    const { scope, limit, outcome } = refused;
    const seconds = Math.max(1, Math.ceil(outcome.retryInMs / 1_000));
    metrics.requestsRefused.with(`rate_limit_${scope}`).add();
    this.log.log({ msg: 'A request is over a rate limit', project: asker.projectId, key: asker.keyId, scope });
    return new ApiError(
      'rate_limit_exceeded',
      `Too many requests of ${whose[scope]}: ${limit.requests} in ${limit.seconds} s are allowed. Try again in ${seconds} s.`,
      { headers: { 'retry-after': String(seconds), ...rateLimitHeaders(states) } },
    );
  }
}

function appliedTo({ asker, body, caller }: ArrivingRequest, limits: RateLimits): Applied[] {
  const { keyId, projectId: project } = asker;
  const ids: Readonly<Record<RateLimitScope, string | null>> = {
    key: keyId,
    user: userIn(body),
    ip: networkOf(caller.ip),
    project,
  };
  return rateLimitScopes.flatMap((scope) => {
    const limit = scope === 'key' ? (limits.keys[keyId] ?? limits.key) : limits[scope];
    const id = ids[scope];
    if (limit === null || id === null) return [];
    // A changed limit is another bucket, full at first.
    const name = JSON.stringify([scope, id, limit.requests, limit.seconds]);
    const key = createHash('sha256').update(name).digest('base64url');
    return [{ scope, limit, address: { kind: 'rate-limit', project, key } }];
  });
}

/** Whom a request is for: our name for it, or one of the names that OpenAI's clients send. */
function userIn(body: ArrivingRequest['body']): string | null {
  const {
    user_id: ours,
    safety_identifier: theirs,
    user,
  } = body as { user_id?: unknown; safety_identifier?: unknown; user?: unknown };
  const id = [ours, theirs, user].find((each) => typeof each === 'string' || typeof each === 'number');
  return id === undefined ? null : String(id);
}
