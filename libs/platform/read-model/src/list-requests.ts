import type { JsonObject } from '@headrace/contracts';
import type { DataSource } from 'typeorm';
import { RequestEntity } from './entities/request.entity.js';
import { requestRowOf } from './entity-rows.js';
import type { RequestRow } from './read-model.rows.js';
import { storableJson } from './storable.js';

/** Which requests are wanted; what is left out does not matter. */
export interface RequestFilter {
  readonly environments?: readonly string[];
  readonly states?: readonly string[];
  /** Why they failed, and why they did not. */
  readonly failureCode?: string;
  readonly exceptFailureCode?: string;
  readonly workflow?: string;
  readonly eventName?: string;
  /** Customer data that a request must contain. */
  readonly customerData?: JsonObject;
  /** Accepted at or after this time. */
  readonly from?: Date;
  /** Accepted before this time. */
  readonly to?: Date;
}

/** Where a page of requests ended. */
export interface RequestPosition {
  readonly acceptedAt: Date;
  readonly channel: string;
}

/** A part of a list of requests, newest first. */
export interface RequestPage {
  readonly items: readonly RequestRow[];
  /** Null on the last page. */
  readonly next: RequestPosition | null;
}

/** Reads one page of a project's requests. */
export async function listRequests(
  dataSource: DataSource,
  project: string,
  filter: RequestFilter,
  { limit, after }: { readonly limit: number; readonly after?: RequestPosition },
): Promise<RequestPage> {
  const query = dataSource.getRepository(RequestEntity).createQueryBuilder('r').where({ project });
  const { environments, states, failureCode, exceptFailureCode, workflow, eventName, customerData, from, to } = filter;
  if (environments) query.andWhere('r.environment = ANY(:environments)', { environments });
  if (states) query.andWhere('r.state = ANY(:states)', { states });
  if (failureCode !== undefined) query.andWhere('r.failureCode = :failureCode', { failureCode });
  if (exceptFailureCode !== undefined) {
    query.andWhere('r.failureCode IS DISTINCT FROM :exceptFailureCode', { exceptFailureCode });
  }
  if (workflow !== undefined) query.andWhere('r.workflow = :workflow', { workflow });
  if (eventName !== undefined) query.andWhere('r.eventName = :eventName', { eventName });
  if (customerData) {
    query.andWhere('r.customerData @> CAST(:customerData AS jsonb)', { customerData: storableJson(customerData) });
  }
  if (from) query.andWhere('r.acceptedAt >= :from', { from });
  if (to) query.andWhere('r.acceptedAt < :to', { to });
  if (after) query.andWhere('(r.acceptedAt, r.channel) < (:acceptedAt, :channel)', after);
  const entities = await query
    .orderBy('r.acceptedAt', 'DESC')
    .addOrderBy('r.channel', 'DESC')
    .limit(limit + 1)
    .getMany();
  const items = entities.slice(0, limit);
  const last = items.at(-1);
  const more = entities.length > limit && last !== undefined;
  return { items: items.map(requestRowOf), next: more ? { acceptedAt: last.acceptedAt, channel: last.channel } : null };
}
