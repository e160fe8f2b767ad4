import { randomUUID } from 'node:crypto';
import { HeadraceSettings } from '@headrace/config';
import { taskWebhookTypes, type WebhookBody, type TaskWebhookType } from '@headrace/contracts';
import { ApiError, serviceUnavailable } from '@headrace/http';
import { OutboundError, OutboundHttp } from '@headrace/outbound-http';
import { ProjectStore, WebhookEndpointAdministration, type WebhookEndpoint } from '@headrace/project-store';
import { newTraceParent } from '@headrace/telemetry';
import { sendWebhook, type EndpointHeaders, type SentWebhook } from '@headrace/webhook-sender';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { sampleWebhook } from './sample-webhook.js';
import { WebhookTestSettings } from './webhook-test.settings.js';

/** A sample that was sent. */
export interface TestedWebhook {
  readonly type: TaskWebhookType;
  readonly payload: string;
  readonly sent: SentWebhook;
  readonly endpointHeaders: EndpointHeaders;
}

/** Tests of one project that one process makes at the same time: a person needs one. */
const testsAtOnce = 4;

/** As long as an attempt of a delivery may take to connect, unless less is left. */
const connectTimeoutMs = 10_000;

/**
 * Sends samples to an endpoint as the dispatcher sends the real webhooks: same shapes, signatures, headers and guard.
 * Nothing is retried, nothing goes into the log, and whether the endpoint is paused or switched off does not matter.
 */
@Injectable()
export class WebhookTester implements OnModuleDestroy {
  private readonly running = new Map<string, number>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly endpoints: WebhookEndpointAdministration,
    private readonly projects: ProjectStore,
    private readonly outbound: OutboundHttp,
    private readonly headrace: HeadraceSettings,
    private readonly settings: WebhookTestSettings,
  ) {}

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Sends a sample of a type, or of each in turn. Throws `ChangeRefused` when the project has no such endpoint. */
  async test(projectId: string, endpointId: string, type: TaskWebhookType | undefined): Promise<TestedWebhook[]> {
    const endpoint = await this.endpoint(projectId, endpointId);
    this.enter(projectId);
    try {
      return await this.sendInTurn(endpoint, type === undefined ? taskWebhookTypes : [type]);
    } catch (error) {
      if (error instanceof OutboundError) throw serviceUnavailable('The server is about to stop. Try again.', error);
      throw error;
    } finally {
      this.leave(projectId);
    }
  }

  /** The time that is left is shared by the samples that are left, so that each is sent however slow another was. */
  private async sendInTurn(endpoint: WebhookEndpoint, types: readonly TaskWebhookType[]): Promise<TestedWebhook[]> {
    const until = performance.now() + this.settings.timeoutMs;
    const tested: TestedWebhook[] = [];
    for (const [index, type] of types.entries()) {
      const timeoutMs = Math.max(1, Math.round((until - performance.now()) / (types.length - index)));
      tested.push(await this.send(endpoint, type, timeoutMs));
    }
    return tested;
  }

  private async send(endpoint: WebhookEndpoint, type: TaskWebhookType, timeoutMs: number): Promise<TestedWebhook> {
    const channel = randomUUID();
    const body = sampleWebhook(type, { channel, callbackBase: this.headrace.callbackBase, at: new Date() });
    const payload = JSON.stringify(body);
    const { id: endpointId, url, secrets, headers } = endpoint;
    const sent = await sendWebhook(
      this.outbound,
      { timeoutMs, connectTimeoutMs: Math.min(connectTimeoutMs, timeoutMs) },
      { ...identityOf(body), endpointId, url, secrets, headers, body: payload, signal: this.stopping.signal },
    );
    return { type, payload, sent, endpointHeaders: headers };
  }

  private async endpoint(projectId: string, endpointId: string): Promise<WebhookEndpoint> {
    await this.endpoints.find(projectId, endpointId);
    const project = await this.projects.project(projectId);
    const endpoint = project?.endpoints.find(({ id }) => id === endpointId);
    // Made a moment ago by another process, whose notice has not arrived here.
    if (!endpoint) throw serviceUnavailable('The endpoint is not known everywhere yet. Try again shortly.');
    return endpoint;
  }

  private enter(projectId: string): void {
    const running = this.running.get(projectId) ?? 0;
    if (running >= testsAtOnce) {
      const message = `${testsAtOnce} webhook tests of this project are running. Try again when one has ended.`;
      throw new ApiError('rate_limit_exceeded', message, { headers: { 'retry-after': '1' } });
    }
    this.running.set(projectId, running + 1);
  }

  private leave(projectId: string): void {
    const running = (this.running.get(projectId) ?? 1) - 1;
    if (running > 0) this.running.set(projectId, running);
    else this.running.delete(projectId);
  }
}

/** Ids that no delivery has. */
function identityOf({ channel_id: channelId, callback_url: callbackUrl }: WebhookBody) {
  const id = randomUUID();
  const ids = { messageId: `msg_test_${id}`, deliveryId: `dlv_test_${id}` };
  return { ...ids, channelId, callbackUrl: callbackUrl ?? null, attempt: 1, traceParent: newTraceParent() };
}
