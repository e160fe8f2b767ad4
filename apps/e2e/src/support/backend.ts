import { FakeReceiver, type ReceivedRequest, type ReceiverBehaviour } from '@headrace/testing';
import type { ApiAnswer, ApiClient } from './api-client.js';
import type { WebhookBody } from './wire.js';

/** What `POST /v1/webhooks` answers. */
interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

/** A customer's backend: a registered endpoint that records webhooks and can call back. */
export class Backend {
  private constructor(
    private readonly api: ApiClient,
    readonly receiver: FakeReceiver,
    readonly endpoint: Endpoint,
  ) {}

  /** Starts a receiver and registers it, with further fields of an endpoint. Call `stop` at the end. */
  static async start(api: ApiClient, fields: Record<string, unknown> = {}): Promise<Backend> {
    const receiver = await FakeReceiver.start();
    const endpoint = await api.must<Endpoint>('POST', '/v1/webhooks', { ...fields, url: `${receiver.url}/hook` });
    return new Backend(api, receiver, endpoint);
  }

  /** How webhooks are answered from now on; 200 at first. */
  answers(behaviour: ReceiverBehaviour): this {
    this.receiver.answerAlways(behaviour);
    return this;
  }

  /** The next webhook of a request, one attempt at a time. */
  webhook(channel: string, type?: string): Promise<ReceivedRequest> {
    return this.receiver.next((request) => {
      const body = request.json<WebhookBody>();
      return body.channel_id === channel && (type === undefined || body.type === type);
    });
  }

  /** All webhooks of a request so far. */
  webhooksOf(channel: string): ReceivedRequest[] {
    return this.receiver.requests.filter((request) => request.headers['mr-channel-id'] === channel);
  }

  /** Posts a callback to where the webhook said. */
  callback(webhook: ReceivedRequest, body: unknown): Promise<ApiAnswer<CallbackAnswer>> {
    return this.api.call('POST', callbackUrlIn(webhook), body);
  }

  /** Removes the endpoint and stops listening. */
  async stop(): Promise<void> {
    await this.api.call('DELETE', `/v1/webhooks/${this.endpoint.id}`);
    await this.receiver.stop();
  }
}

/** What a callback is answered. */
export interface CallbackAnswer {
  readonly message: string;
  readonly status?: string;
  readonly channel_id?: string;
  readonly round?: number;
  readonly error?: { readonly code: string; readonly param?: string | null };
}

/** Where a webhook wants its callback. */
export function callbackUrlIn(webhook: ReceivedRequest): string {
  const { callback_url: url } = webhook.json<WebhookBody>();
  if (url === undefined) throw new Error('The webhook has no callback_url.');
  return url;
}
