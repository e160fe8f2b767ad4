import { HeadraceSettings } from '@headrace/config';
import {
  callbackReminded,
  callbackUrlOf,
  deliveryPlannerConsumer,
  reminderBodyOf,
  requestCompleted,
  requestFailed,
  requestGenerated,
  webhookBodyOf,
  type DataOf,
  type deliveryPlanned,
  type WebhookBody,
} from '@headrace/contracts';
import { chooseTargets } from '@headrace/domain';
import {
  EVENT_LOG,
  Handles,
  LISTENER_TUNNEL,
  RevisionConflict,
  type EventLog,
  type ListenerTunnel,
  type RecordedOf,
} from '@headrace/event-log';
import { ProjectStore } from '@headrace/project-store';
import { Inject, Injectable } from '@nestjs/common';
import { listenerTargets } from './listen/listener-targets.js';
import { laneKeyOf } from './order/lane-key.js';
import { Lanes, ticketOf } from './order/lanes.js';
import { adHocEndpointId, deliveryIdOf, messageIdOf } from './plan/delivery-identity.js';

/** Where a delivery goes, and in which lane it waits for its turn. */
type DeliveryTarget = Pick<DataOf<typeof deliveryPlanned>, 'endpointId' | 'url' | 'lane'>;

type Decided = RecordedOf<
  typeof requestGenerated | typeof requestCompleted | typeof requestFailed | typeof callbackReminded
>;

/** Each append holds a copy of the body until it is confirmed: 10,000 endpoints must not mean as many copies. */
const appendsAtOnce = 200;

/** Plans a delivery to each endpoint that wants a request's new state. */
@Injectable()
export class PlanOnRequestDecidedHandler {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly projects: ProjectStore,
    private readonly settings: HeadraceSettings,
    @Inject(LISTENER_TUNNEL) private readonly listeners: Pick<ListenerTunnel, 'sessionsOf'>,
    private readonly lanes: Lanes,
  ) {}

  /** A repetition finds its deliveries planned already: their ids follow from what they deliver. */
  @Handles(deliveryPlannerConsumer, requestGenerated, requestCompleted, requestFailed, callbackReminded)
  async plan(event: Decided): Promise<void> {
    const { project: projectId, channel } = event.address;
    const { round = 0 } = event.data.context.progress ?? {};
    const body = bodyOf(event, callbackUrlOf(this.settings.callbackBase, channel, round));
    if (!body) return;
    const occasion = occasionOf(event, round);
    const project = await this.projects.project(projectId);
    if (!project) return;
    const { endpoints, webhookUrl } = chooseTargets(project.endpoints, event.data.context.webhookUrl, body);
    const targets: DeliveryTarget[] = endpoints.map(({ id, url, fifoKey }) => {
      const lane = laneKeyOf(fifoKey, body);
      return { endpointId: id, url, ...(lane === undefined ? {} : { lane }) };
    });
    if (webhookUrl !== null) targets.push({ endpointId: adHocEndpointId(webhookUrl), url: webhookUrl });
    targets.push(...listenerTargets(this.listeners.sessionsOf(projectId), body));
    if (targets.length === 0) return;
    const payload = {
      webhookType: body.type,
      messageId: messageIdOf(channel, body.type, ...occasion),
      // The one place where a body becomes bytes: every attempt and every replay sends these.
      body: JSON.stringify(body),
      callbackUrl: body.callback_url ?? null,
      environment: event.data.context.environment,
      plannedAt: new Date().toISOString(),
    };
    for (let first = 0; first < targets.length; first += appendsAtOnce) {
      await Promise.all(
        targets.slice(first, first + appendsAtOnce).map((target) => {
          const deliveryId = deliveryIdOf(channel, target.endpointId, body.type, ...occasion);
          return this.append(event, { deliveryId, ...target, ...payload });
        }),
      );
    }
  }

  private async append(cause: Decided, planned: DataOf<typeof deliveryPlanned>): Promise<void> {
    const ticket = ticketOf(cause.address, planned);
    if (ticket) await this.lanes.planInOrder(ticket, cause, () => this.appendOnce(cause, planned));
    else await this.appendOnce(cause, planned);
  }

  /** Whether the delivery is new; false when it was planned before. */
  private async appendOnce(cause: Decided, planned: DataOf<typeof deliveryPlanned>): Promise<boolean> {
    const { project, channel } = cause.address;
    const address = { project, channel, aggregate: 'delivery', key: planned.deliveryId };
    try {
      await this.log.append(address, { type: 'delivery.planned', data: planned }, { expectedRevision: 0, cause });
      return true;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      return false;
    }
  }
}

function bodyOf(event: Decided, callbackUrl: string): WebhookBody | undefined {
  const { channel } = event.address;
  return event.type === 'callback.reminded'
    ? reminderBodyOf(channel, event.data, callbackUrl)
    : webhookBodyOf(channel, event, callbackUrl);
}

/** What tells webhooks of one type and request apart: rounds and reminders. A request has one end. */
function occasionOf(event: Decided, round: number): string[] {
  if (event.type === 'callback.reminded') return [`round ${round}`, `reminder ${event.data.number}`];
  return event.type === 'request.generated' && round > 0 ? [`round ${round}`] : [];
}
