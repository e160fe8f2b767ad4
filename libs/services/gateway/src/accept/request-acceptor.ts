import { requestDecider } from '@headrace/domain';
import { EVENT_LOG, handleCommand, type EventLog } from '@headrace/event-log';
import { invalidFields, type AuthenticatedProject } from '@headrace/http';
import { AddressPolicy } from '@headrace/outbound-http';
import { Inject, Injectable } from '@nestjs/common';
import { GatewaySettings } from '../gateway.config.js';
import type { AsyncRequestDto } from './async-request.dto.js';
import { newChannelId } from './new-channel-id.js';
import { REQUEST_GATES, type ArrivingRequest, type Caller, type RequestGate } from './request-gate.js';
import { resolveRequest, type AcceptedRequest } from './resolve-request.js';

/** A request that does not exist yet: what the decider need not read the log for. */
const nothingYet = { state: requestDecider.initialState(), revision: 0 };

/** A valid request and whose it is. */
export interface AskedRequest {
  readonly asker: AuthenticatedProject;
  readonly caller: Caller;
  readonly body: AsyncRequestDto;
  /** Given when the caller waits for the answer on its connection, and whether it wants it piece by piece. */
  readonly sync?: { readonly stream: boolean };
}

/** A request that may come in. */
export interface AdmittedRequest {
  readonly project: string;
  readonly channel: string;
  readonly accepted: AcceptedRequest;
  /** Whether its caller can come back for the answer: it then goes on without one. */
  readonly repeatable: boolean;
  /** Headers for the answer. */
  readonly headers: Readonly<Record<string, string>>;
}

type Passage = Pick<AdmittedRequest, 'channel' | 'repeatable' | 'headers'>;

/** Lets requests in, whatever route they come by: first `admit`, then `append`. */
@Injectable()
export class RequestAcceptor {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(REQUEST_GATES) private readonly gates: readonly RequestGate[],
    private readonly addresses: AddressPolicy,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * Makes the request and has every gate agree; nothing is stored yet, so whoever waits for its answer can begin to
   * follow its channel before anything happens there. Errors: those of `resolveRequest` and of the gates, and
   * `invalid_request_error` for a webhook URL that must not be called.
   */
  async admit({ asker, caller, body, sync }: AskedRequest): Promise<AdmittedRequest> {
    const earlier = this.recall({ asker, caller, body });
    const repeated = earlier instanceof Promise ? await earlier : earlier;
    if (repeated) return { project: asker.projectId, repeatable: true, ...repeated };
    const now = new Date();
    const resolved = resolveRequest(body, asker.project, this.settings, now.toISOString());
    const accepted = { ...resolved, context: { ...resolved.context, apiKeyId: asker.keyId, ...syncContext(sync) } };
    const { webhookUrl } = accepted.context;
    if (webhookUrl !== null) await this.checkAddress(webhookUrl);
    const request = { channel: newChannelId(now), asker, caller, body, accepted };
    const passage = this.gates.length === 0 ? unchanged(request) : await this.passGates(request);
    return { project: asker.projectId, accepted, ...passage };
  }

  /**
   * Resolves once the request is durable: to its place in the log, or undefined where the channel had a request
   * already. Errors: those of the event log.
   */
  async append(request: AdmittedRequest, traceParent: string | undefined): Promise<number | undefined> {
    const { project, channel, accepted } = request;
    const { event, revision } = await handleCommand(
      this.log,
      requestDecider,
      { project, channel, aggregate: 'request' },
      { type: 'accept', accepted },
      { known: nothingYet, traceParent },
    );
    return event && revision;
  }

  private recall(asked: Omit<AskedRequest, 'sync'>): ReturnType<NonNullable<RequestGate['recall']>> {
    for (const gate of this.gates) {
      const earlier = gate.recall?.(asked);
      if (earlier !== undefined) return earlier;
    }
    return undefined;
  }

  private async passGates(request: ArrivingRequest): Promise<Passage> {
    let passage: Passage = unchanged(request);
    for (const gate of this.gates) {
      const admitted = gate.admit(request);
      // Most gates have nothing to ask: no turn of the event loop is spent on them.
      const outcome = admitted instanceof Promise ? await admitted : admitted;
      if (!outcome) continue;
      passage = { ...passage, headers: { ...passage.headers, ...outcome.headers } };
      if (outcome.channel === undefined) continue;
      passage = { ...passage, channel: outcome.channel, repeatable: true };
      if (outcome.channel !== request.channel) break;
    }
    return passage;
  }

  private async checkAddress(url: string): Promise<void> {
    const problem = await this.addresses.checkUrl(url);
    if (problem !== undefined) throw invalidFields([{ param: 'webhook_url', message: problem }]);
  }
}

const unchanged = ({ channel }: ArrivingRequest): Passage => ({ channel, repeatable: false, headers: {} });

/** A caller that waits gets the AI's answer itself: no webhooks, and no callback that the answer would wait for. */
const syncContext = (sync: AskedRequest['sync']) =>
  sync && { sync: true, stream: sync.stream, eventName: null, webhookUrl: null };
