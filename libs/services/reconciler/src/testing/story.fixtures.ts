import type { AnyEvent, DeliveryEvent, RequestEvent } from '@headrace/contracts';
import {
  aContext,
  aFailedAttempt,
  aGeneration,
  aGoodAttempt,
  anAcceptedRequest,
  anOutput,
  aPlannedDelivery,
} from '@headrace/domain/testing';

const target = { deliveryId: 'dlv_1', endpointId: 'endpoint-1', url: 'https://receiver.test/hook' } as const;

export const accepted = (at = new Date()): RequestEvent => ({
  type: 'request.accepted',
  data: anAcceptedRequest({ eventName: 'ready', acceptedAt: at.toISOString() }),
});

/** A provider failed, and was to be tried again at that time. */
export const providerFailed = (retryAt: Date): AnyEvent => ({
  type: 'generation.attempted',
  data: {
    number: 1,
    attempt: {
      provider: 'openai',
      model: 'gpt-4o',
      status: 'error',
      startedAt: retryAt.toISOString(),
      durationMs: 10,
      httpStatus: 429,
      reason: 'HTTP 429',
      target: 0,
    },
    retryAt: retryAt.toISOString(),
  },
});

export const generated = (reminderMs?: number) => ({
  type: 'request.generated' as const,
  data: {
    context: aContext({
      eventName: 'ready',
      acceptedAt: new Date().toISOString(),
      ...(reminderMs === undefined ? {} : { reminderMs }),
    }),
    generation: aGeneration(),
    output: anOutput(),
    generatedAt: new Date().toISOString(),
    callbackDeadline: new Date(Date.now() + 60_000).toISOString(),
  },
});

/** The backend was reminded of the callback that this answer waits for. */
export const reminded = ({ data }: ReturnType<typeof generated>, number: number): AnyEvent => ({
  type: 'callback.reminded',
  data: { ...data, number, remindedAt: new Date().toISOString() },
});

export const completed = (endedAt = new Date()): RequestEvent => ({
  type: 'request.completed',
  data: {
    context: aContext({ acceptedAt: endedAt.toISOString() }),
    generation: aGeneration(),
    output: anOutput(),
    callback: null,
    completedAt: endedAt.toISOString(),
  },
});

export const planned = (at = new Date(), deliveryId: string = target.deliveryId): DeliveryEvent => ({
  type: 'delivery.planned',
  data: aPlannedDelivery({ deliveryId, body: '{"text":"größer \\u0000"}', plannedAt: at.toISOString() }),
});

export const attempted = (nextAttemptAt: Date): DeliveryEvent => ({
  type: 'delivery.attempted',
  data: {
    ...target,
    webhookType: 'task.completed',
    attempt: aFailedAttempt(),
    nextAttemptAt: nextAttemptAt.toISOString(),
  },
});

export const succeeded: DeliveryEvent = {
  type: 'delivery.succeeded',
  data: { ...target, webhookType: 'task.completed', attempt: aGoodAttempt() },
};

export const deadLettered: DeliveryEvent = {
  type: 'delivery.dead-lettered',
  data: { ...target, webhookType: 'task.completed', attempt: aFailedAttempt(), reason: 'It never answered.' },
};
