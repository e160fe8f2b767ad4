import { HeadraceSettings } from '@headrace/config';
import {
  deliveryRetryTimer,
  endpointDisabled,
  type callbackReminded,
  type deliveryPlanned,
  type EventOf,
  type RequestEvent,
} from '@headrace/contracts';
import type { DeliveryDeadLetters, EventLog, FiredTimer, Recorded, RecordedOf, Timers } from '@headrace/event-log';
import { InMemoryEventLog, InMemoryListenerTunnel, InMemoryTimers } from '@headrace/event-log/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { ProjectStore, type ProjectConfiguration, type WebhookEndpoint } from '@headrace/project-store';
import { aBareProject, aWebhookEndpoint } from '@headrace/project-store/testing';
import { Logger } from '@nestjs/common';
import { DeliveryAttempts } from '../attempt/delivery-attempts.js';
import { DeliverOnPlannedHandler } from '../deliver-on-planned.handler.js';
import { DeliverOnRetryDueHandler } from '../deliver-on-retry-due.handler.js';
import { DeliverOnTurnHandler } from '../deliver-on-turn.handler.js';
import { EndpointHealth } from '../endpoint-health/endpoint-health.js';
import { SwitchOff } from '../endpoint-health/switch-off.js';
import { openGate } from '../isolation/open-gate.js';
import { ListenerAttempts } from '../listen/listener-attempts.js';
import { LookOnLaneWatchDueHandler } from '../look-on-lane-watch-due.handler.js';
import { Lanes } from '../order/lanes.js';
import { PlanOnRequestDecidedHandler } from '../plan-on-request-decided.handler.js';
import { SwitchOffOnEndpointDisabledHandler } from '../switch-off-on-endpoint-disabled.handler.js';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';

export const projectId = 'project-1';
export const channelId = '3f9f6b8e-0000-4000-8000-000000000001';
const never = new AbortController().signal;
const endOfTime = new Date(8.64e15);

/** A secret of the form that endpoints have. */
export const aSecret = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;

/** An active endpoint for every type. */
export const anEndpoint = (url: string, overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint =>
  aWebhookEndpoint({ url, secrets: [aSecret('the secret of endpoint one')], ...overrides });

/** What a test may put in place of the dispatcher's surroundings. */
export interface HarnessParts {
  readonly settings?: Partial<WebhookDispatcherSettings>;
  readonly outboundSettings?: Partial<OutboundHttpSettings>;
  readonly outbound?: Pick<OutboundHttp, 'request'>;
  /** Wraps a port, to make it fail. */
  readonly wrapLog?: (log: InMemoryEventLog) => EventLog;
  readonly wrapTimers?: (timers: InMemoryTimers) => Timers;
  readonly wrapDeadLetters?: (deadLetters: DeliveryDeadLetters) => DeliveryDeadLetters;
}

/** The dispatcher's handlers on a log and timers in memory, and what it told the rest of the system. */
export function aDispatcher(endpoints: readonly WebhookEndpoint[], parts: HarnessParts = {}) {
  Logger.overrideLogger(false);
  // A timer that a test fires is due: the clock goes ahead to its time.
  const clock = { aheadMs: 0 };
  const goTo = (timer: FiredTimer): void => {
    const at = 'at' in timer && timer.at instanceof Date ? timer.at.getTime() : 0;
    clock.aheadMs = Math.max(clock.aheadMs, at - Date.now());
  };
  const log = new InMemoryEventLog();
  const timers = new InMemoryTimers();
  const kept: { messageId: string; body: string; reason: string }[] = [];
  const disabled: { endpointId: string; reason: string }[] = [];
  const noted: { endpointId: string; failingSince: string | null }[] = [];
  const deadLetters: DeliveryDeadLetters = {
    async keep(planned, end) {
      const { messageId, body } = planned.data;
      if (!kept.some((letter) => letter.messageId === messageId)) kept.push({ messageId, body, reason: end.reason });
    },
  };
  const endpointSwitch = {
    async disable(_project: string, endpointId: string, reason: string): Promise<boolean> {
      if (disabled.some((one) => one.endpointId === endpointId)) return false;
      return disabled.push({ endpointId, reason }) > 0;
    },
    async noteFailing(_project: string, endpointId: string, at: Date): Promise<boolean> {
      return noted.push({ endpointId, failingSince: at.toISOString() }) > 0;
    },
    async noteHealthy(_project: string, endpointId: string): Promise<boolean> {
      return noted.push({ endpointId, failingSince: null }) > 0;
    },
  };
  const projects = new FixedProjectStore(endpoints);
  const outboundSettings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true }, parts.outboundSettings);
  const realOutbound = new OutboundHttp(new AddressPolicy(outboundSettings), outboundSettings);
  const headrace = Object.assign(new HeadraceSettings(), { publicUrl: 'https://headrace.test' });
  const settings = Object.assign(
    new WebhookDispatcherSettings(),
    { timeoutMs: 400, connectTimeoutMs: 300 },
    parts.settings,
  );
  const usedLog = parts.wrapLog?.(log) ?? log;
  const usedTimers = parts.wrapTimers?.(timers) ?? timers;
  const lanes = new Lanes(usedLog, usedTimers);
  const gate = openGate(settings, 1, { now: () => Date.now() + clock.aheadMs });
  const attempts = new DeliveryAttempts(
    usedLog,
    usedTimers,
    parts.wrapDeadLetters?.(deadLetters) ?? deadLetters,
    new EndpointHealth(endpointSwitch, new SwitchOff(usedLog), headrace, settings),
    projects,
    // The class has private members; the dispatcher uses this one method.
    (parts.outbound ?? realOutbound) as OutboundHttp,
    gate,
    headrace,
    settings,
    lanes,
  );
  const tunnel = new InMemoryListenerTunnel();
  const listeners = new ListenerAttempts(
    usedLog,
    usedTimers,
    parts.wrapDeadLetters?.(deadLetters) ?? deadLetters,
    tunnel,
    headrace,
    settings,
  );
  const planner = new PlanOnRequestDecidedHandler(usedLog, projects, headrace, tunnel, lanes);
  const onPlanned = new DeliverOnPlannedHandler(usedLog, attempts, listeners, lanes);
  const onTurn = new DeliverOnTurnHandler(usedLog, lanes, attempts);
  const onLaneWatchDue = new LookOnLaneWatchDueHandler(usedLog, usedTimers, lanes);
  const onRetryDue = new DeliverOnRetryDueHandler(usedLog, attempts, listeners, lanes);

  const onDisabled = new SwitchOffOnEndpointDisabledHandler(usedLog, endpointSwitch, projects);
  let [handedOut, count] = [0, 1];
  /** Hands out the decisions to switch an endpoint off that were made meanwhile, again after a failure. */
  async function switchOffs(): Promise<void> {
    for (; handedOut < log.all.length; handedOut += 1, count = 1) {
      const event = log.all[handedOut] as Recorded;
      if (event.type !== endpointDisabled.type) continue;
      const delivery = { count: count++, isLast: false, signal: never };
      await onDisabled.switchOff(event as Parameters<typeof onDisabled.switchOff>[0], delivery);
    }
  }

  const deliveryEvents = (): Recorded[] => log.all.filter(({ address }) => address.aggregate === 'delivery');
  const plans = (): RecordedOf<typeof deliveryPlanned>[] => deliveryEvents().filter(isPlanned);
  return {
    log,
    timers,
    /** Listening sessions. */
    tunnel,
    kept,
    disabled,
    /** What was written of the health of endpoints. */
    noted,
    projects,
    planner,
    deliveryEvents,
    plans,
    /** Appends a request's event; resolves to it as handlers get it. */
    async append(event: RequestEvent | EventOf<typeof callbackReminded>, channel = channelId) {
      const address = { project: projectId, channel, aggregate: 'request' };
      const reminder = { ...address, aggregate: 'callback', key: String(log.all.length) };
      await log.append(event.type === 'callback.reminded' ? reminder : address, event);
      return log.all.at(-1) as Parameters<PlanOnRequestDecidedHandler['plan']>[0];
    },
    /** Delivers one planned message for the `count`th time. */
    async deliver(planned: RecordedOf<typeof deliveryPlanned>, count = 1, signal = never): Promise<void> {
      await onPlanned.deliver(planned, { count, isLast: false, signal });
      await switchOffs();
    },
    lanes,
    onLaneWatchDue,
    /** Delivers one event of a lane for the `count`th time. */
    async giveTurn(event: Parameters<DeliverOnTurnHandler['deliver']>[0], count = 1): Promise<void> {
      await onTurn.deliver(event, { count, isLast: false, signal: never });
      await switchOffs();
    },
    /** Fires all timers that wait; resolves to how many. */
    async fireTimers(): Promise<number> {
      const due = timers.fireUntil(endOfTime).filter(isRetry);
      for (const timer of due) {
        goTo(timer);
        await onRetryDue.deliver(timer, { count: 1, isLast: false, signal: never });
        await switchOffs();
      }
      return due.length;
    },
    async fire(timer: FiredTimer<typeof deliveryRetryTimer>, count = 1): Promise<void> {
      goTo(timer);
      await onRetryDue.deliver(timer, { count, isLast: false, signal: never });
      await switchOffs();
    },
    gate,
    /** How far the clock of the gate is ahead of the real one; a fired timer takes it along. */
    clock,
    close: () => realOutbound.close(),
  };
}

const isRetry = (timer: FiredTimer): timer is FiredTimer<typeof deliveryRetryTimer> =>
  timer.address.kind === deliveryRetryTimer.kind;

const isPlanned = (event: Recorded): event is RecordedOf<typeof deliveryPlanned> => event.type === 'delivery.planned';

/** One project whose endpoints a test may change. */
export class FixedProjectStore extends ProjectStore {
  constructor(public endpoints: readonly WebhookEndpoint[]) {
    super();
  }

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration | undefined> {
    if (id !== projectId) return undefined;
    return aBareProject({
      id,
      signingSecret: aSecret('the signing secret of the project'),
      endpoints: this.endpoints,
    });
  }
}
