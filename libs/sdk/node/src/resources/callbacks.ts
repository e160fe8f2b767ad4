import { ConfigurationError } from '../errors.js';
import type { CallOptions, Settings } from '../options.js';
import type { HttpCaller } from '../transport/http-caller.js';
import { segmentOf } from '../transport/segment.js';
import type { ChatMessage } from '../types/ask.js';
import { VerifiedWebhook } from '../webhooks/verified-webhook.js';

/**
 * What a callback answers: the webhook as `verifyWebhook` gave it, its `callback_url`, or a channel id. An id stands
 * for the round that runs; the other two name theirs, so that a late callback is not taken for another round's.
 */
export type CallbackTarget = VerifiedWebhook<unknown> | string;

/** What goes out with the final frame beside the data. */
export interface CompletionExtras {
  /** Id of the work in your backend. */
  readonly taskId?: string | number;
  readonly metadata?: object;
}

/** What a tool call of the model came to. */
export interface ToolResult {
  readonly tool_call_id: string;
  /** Text, or any other JSON. */
  readonly content: unknown;
}

/** The workflow that a request goes on with. */
export interface NextWorkflow {
  readonly workflow: string;
  readonly messages: readonly ChatMessage[];
  /** Added to `customer_data`. */
  readonly metadata?: object;
}

/** A callback that was taken, now or (`already_…`) before. */
export interface CallbackReply {
  readonly message: 'success';
  readonly status: 'success' | 'already_completed' | 'already_continued';
  readonly channel_id: string;
  /** The round that it began; left out when it ended the request. */
  readonly round?: number;
}

/**
 * Answers event-driven requests. The same callback again is harmless, so calls are retried. `ConflictError`: another
 * one came first (`callback_already_received`), or none is awaited; `GoneError`: its window is over.
 */
export class Callbacks {
  readonly #http: HttpCaller;
  readonly #trusted: ReadonlySet<string>;

  constructor(http: HttpCaller, settings: Settings) {
    this.#http = http;
    this.#trusted = settings.trustedOrigins;
  }

  /** Ends the request with your backend's result. */
  complete(
    target: CallbackTarget,
    data: object,
    { taskId, metadata }: CompletionExtras = {},
    options?: CallOptions,
  ): Promise<CallbackReply> {
    return this.send(target, { data, task_id: taskId, metadata }, options);
  }

  /** Ends the request as failed. `code` is yours, for machines; `message` is for people. */
  fail(target: CallbackTarget, code: string, message?: string, options?: CallOptions): Promise<CallbackReply> {
    return this.send(target, { error: code, message }, options);
  }

  /** Answers all tool calls of a webhook (`toolCallsOf`): the model is asked once more. */
  sendToolResults(
    target: CallbackTarget,
    results: readonly ToolResult[],
    options?: CallOptions,
  ): Promise<CallbackReply> {
    return this.send(target, { tool_results: results }, options);
  }

  /** Goes on with another workflow in the same channel. */
  continueWith(target: CallbackTarget, next: NextWorkflow, options?: CallOptions): Promise<CallbackReply> {
    return this.send(target, { continue: next }, options);
  }

  /** Sends any body. */
  async send(target: CallbackTarget, body: object, options?: CallOptions): Promise<CallbackReply> {
    return (await this.#http.call<CallbackReply>({ method: 'POST', path: this.#pathOf(target), body }, options)).body;
  }

  /** The key goes only to places that a signature or the settings vouch for. */
  #pathOf(target: CallbackTarget): string {
    if (target instanceof VerifiedWebhook) {
      if (target.callbackUrl === null) {
        throw new ConfigurationError(`A webhook of the type ${target.payload.type} awaits no callback.`);
      }
      return target.callbackUrl;
    }
    // As of a webhook that awaits no callback, or a whole payload.
    if (typeof target !== 'string') {
      throw new ConfigurationError('Give the verified webhook, its callbackUrl, or a channel id.');
    }
    if (!target.includes('/')) return `/v1/callback/${segmentOf(target)}`;
    const origin = URL.canParse(target) ? new URL(target).origin : 'null';
    if (this.#trusted.has(origin)) return target;
    throw new ConfigurationError(
      `The API key is not sent to ${origin}. Give the verified webhook itself, or name the origin in trustedOrigins.`,
    );
  }
}
