import type { AuthenticatedProject } from '@headrace/http';
import type { AsyncRequestDto } from './async-request.dto.js';
import type { AcceptedRequest } from './resolve-request.js';

/** Who calls, as far as HTTP tells. */
export interface Caller {
  /** Address of the client; behind proxies the one that HEADRACE_TRUST_PROXY lets count. */
  readonly ip: string;
  /** Header names are in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The route's template as it was called, an alias included. Left out: not over HTTP. */
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** A request on its way in: valid and resolved, and not in the log yet. */
export interface ArrivingRequest {
  /** The id that it will have. */
  readonly channel: string;
  readonly asker: AuthenticatedProject;
  readonly caller: Caller;
  /** What the client sent, unknown fields included. */
  readonly body: AsyncRequestDto;
  readonly accepted: AcceptedRequest;
}

/** What a gate adds to a request that it lets pass. */
export interface GateOutcome {
  /**
   * The request can be repeated, and this is its channel: for the first one its own, for a repetition that of the
   * first, so that both have one answer. It is appended there unless it is there already, so a gate may name a channel
   * before its first request is durable. For a repetition the gates behind this one are not asked.
   */
  readonly channel?: string;
  /** Headers for the answer, such as what is left of a rate limit. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that was let in before. */
export interface RecalledRequest {
  readonly channel: string;
  readonly accepted: AcceptedRequest;
  /** Headers for the answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What may refuse a request before it is in the log: limits, budgets, repetitions. On the hottest path, so it must not
 * ask a database.
 */
export interface RequestGate {
  /**
   * The request that a valid one repeats, as it was let in, whatever became of its workflow since: no gate is asked.
   * Throws the `ApiError` that refuses it.
   */
  recall?(
    request: Omit<ArrivingRequest, 'channel' | 'accepted'>,
  ): RecalledRequest | undefined | Promise<RecalledRequest | undefined>;
  /** Lets the request pass, or throws the `ApiError` that refuses it. */
  admit(request: ArrivingRequest): GateOutcome | undefined | Promise<GateOutcome | undefined>;
}

/** Injection token of the gates (`readonly RequestGate[]`), in the order in which they are asked. */
export const REQUEST_GATES = Symbol('RequestGates');
