import {
  endpointDisabled,
  endpointDisabledBodyOf,
  endpointDisabledConsumer,
  type DataOf,
  type deliveryPlanned,
} from '@headrace/contracts';
import {
  EVENT_LOG,
  Handles,
  RevisionConflict,
  type Delivery,
  type EventLog,
  type RecordedOf,
} from '@headrace/event-log';
import { ProjectStore, type WebhookEndpoint } from '@headrace/project-store';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ENDPOINT_SWITCH, type EndpointSwitch } from './attempt/endpoint-switch.port.js';
import { deliveryIdOf, messageIdOf } from './plan/delivery-identity.js';

type Disabled = RecordedOf<typeof endpointDisabled>;

const type = 'headrace.endpoint.disabled';

/** Switches off an endpoint that this was decided for, and tells its project's owners. */
@Injectable()
export class SwitchOffOnEndpointDisabledHandler {
  private readonly logger = new Logger('webhook-dispatcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ENDPOINT_SWITCH) private readonly endpoints: EndpointSwitch,
    private readonly projects: ProjectStore,
  ) {}

  /**
   * An endpoint that is off already, or gone, is no news; unless an earlier delivery of this very message may have
   * switched it off and died.
   */
  @Handles(endpointDisabledConsumer, endpointDisabled)
  async switchOff(event: Disabled, { count }: Delivery): Promise<void> {
    const { project: projectId } = event.address;
    const { endpointId, reason } = event.data;
    const isNews = await this.endpoints.disable(projectId, endpointId, reason);
    if (!isNews && count === 1) return;
    const project = await this.projects.project(projectId);
    const owners = (project?.endpoints ?? []).filter((endpoint) => wantsNotice(endpoint, endpointId));
    const told = { endpoint_id: endpointId, reason, owner_endpoints: owners.length };
    this.logger.warn({ msg: 'a webhook endpoint was switched off', project_id: projectId, ...told });
    await Promise.all(owners.map((owner) => this.plan(event, owner)));
  }

  /** In the channel of the endpoint that it is about. Its ids follow from the decision: told once, however often. */
  private async plan(event: Disabled, { id, url }: WebhookEndpoint): Promise<void> {
    const deliveryId = deliveryIdOf(event.id, id, type);
    const planned: DataOf<typeof deliveryPlanned> = {
      deliveryId,
      endpointId: id,
      url,
      webhookType: type,
      messageId: messageIdOf(event.id, type),
      body: JSON.stringify(endpointDisabledBodyOf(event.data)),
      callbackUrl: null,
      environment: 'live',
      plannedAt: new Date().toISOString(),
    };
    const address = { ...event.address, aggregate: 'delivery', key: deliveryId };
    try {
      const options = { expectedRevision: 0, cause: event };
      await this.log.append(address, { type: 'delivery.planned', data: planned }, options);
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}

/** Operational webhooks go to who names them; nobody can be told at the endpoint that was switched off. */
const wantsNotice = ({ id, active, events }: WebhookEndpoint, disabledId: string): boolean =>
  id !== disabledId && active && events !== null && events.includes(type);
