import type { DeliveryEvent } from '@headrace/contracts';
import { neverReached, type Decider } from '../decider.js';
import type { DeliveryCommand } from './delivery.commands.js';
import { nextAttemptOf, type DeliveryState } from './delivery.state.js';
import { nextDelayMs } from './retry-schedule.js';

type Open = Extract<DeliveryState, { status: 'planned' | 'retrying' }>;
type RecordAttempt = Extract<DeliveryCommand, { type: 'recordAttempt' }>;

/**
 * The life of a delivery: none → planned → (retrying →)* succeeded | deadLettered.
 * Whatever commands come, in any order and any number of times, it ends at most once.
 */
export const deliveryDecider: Decider<DeliveryState, DeliveryCommand, DeliveryEvent> = {
  initialState: () => ({ status: 'none' }),
  decide,
  evolve,
};

function decide(command: DeliveryCommand, state: DeliveryState): DeliveryEvent | undefined {
  switch (command.type) {
    case 'plan':
      return state.status === 'none' ? { type: 'delivery.planned', data: command.planned } : undefined;
    case 'recordAttempt':
      return isOpen(state) ? attemptRecorded(command, state) : undefined;
    case 'giveUp':
      return isOpen(state)
        ? { type: 'delivery.dead-lettered', data: { ...targetOf(state), attempt: null, reason: command.reason } }
        : undefined;
    default:
      return neverReached(command);
  }
}

function evolve(_state: DeliveryState, event: DeliveryEvent): DeliveryState {
  switch (event.type) {
    case 'delivery.planned':
      return { status: 'planned', ...event.data };
    case 'delivery.attempted':
      return { status: 'retrying', ...event.data };
    case 'delivery.succeeded':
      return { status: 'succeeded', ...event.data };
    case 'delivery.dead-lettered':
      return { status: 'deadLettered', ...event.data };
    default:
      return neverReached(event);
  }
}

function attemptRecorded(command: RecordAttempt, state: Open): DeliveryEvent | undefined {
  const { attempt, retryAfterMs, finalReason, policy, jitter, timeScale, at } = command;
  // A success counts whatever its number: the endpoint has the payload, even when another process that made the
  // same attempt has recorded a failure first.
  if (attempt.error === null) return { type: 'delivery.succeeded', data: { ...targetOf(state), attempt } };
  if (attempt.number !== nextAttemptOf(state)) return undefined;
  const delayMs = nextDelayMs({ policy, failedAttempt: attempt.number, jitter, retryAfterMs, timeScale });
  if (finalReason !== null || delayMs === undefined) {
    const reason = finalReason ?? `All ${attempt.number} attempts failed; the last: ${attempt.error.message}`;
    return { type: 'delivery.dead-lettered', data: { ...targetOf(state), attempt, reason } };
  }
  const nextAttemptAt = new Date(Date.parse(at) + delayMs).toISOString();
  return { type: 'delivery.attempted', data: { ...targetOf(state), attempt, nextAttemptAt } };
}

const isOpen = (state: DeliveryState): state is Open => state.status === 'planned' || state.status === 'retrying';

const targetOf = ({ deliveryId, endpointId, url, webhookType }: Open) => ({ deliveryId, endpointId, url, webhookType });
