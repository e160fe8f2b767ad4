import {
  deliveryPlanned,
  generationAttempted,
  laneAdvanced,
  laneQueued,
  requestAccepted,
  requestFailed,
  type AggregateAddress,
  type EventOf,
} from '@headrace/contracts';
import { randomUUID } from 'node:crypto';

const context = {
  workflow: 'summarise',
  eventName: null,
  customerData: { user_id: 'u-1' },
  environment: 'live' as const,
  testMode: false,
  acceptedAt: '2026-01-01T00:00:00.000Z',
  callbackWindowMs: 300_000,
  webhookUrl: null,
};

/** The address of a new request in `project`. */
export function aRequestAddress(project = 'project-1'): AggregateAddress {
  return { project, channel: randomUUID(), aggregate: 'request' };
}

/** A `request.accepted` whose first message says `content`. */
export function anAcceptedEvent(content = 'Hello'): EventOf<typeof requestAccepted> {
  return {
    type: requestAccepted.type,
    data: {
      context,
      plan: {
        targets: [{ provider: 'offline', model: 'any', timeoutMs: 30_000 }],
        systemInstructions: null,
        structuredOutput: null,
        parameters: {},
        offlineFallback: false,
        testDelayMs: 0,
      },
      messages: [{ role: 'user', content }],
    },
  };
}

/** A `request.failed`, which ends a request. */
export function aFailedEvent(message = 'It was cancelled.'): EventOf<typeof requestFailed> {
  return {
    type: requestFailed.type,
    data: {
      context,
      code: 'cancelled',
      message,
      details: {},
      generation: null,
      output: null,
      callback: null,
      failedAt: '2026-01-01T00:00:01.000Z',
    },
  };
}

/** A `generation.attempted`: a fact that decides nothing. */
export function aGenerationAttempt(number = 1): EventOf<typeof generationAttempted> {
  return {
    type: generationAttempted.type,
    data: {
      number,
      attempt: {
        provider: 'offline',
        model: 'any',
        status: 'error',
        startedAt: '2026-01-01T00:00:00.100Z',
        durationMs: 20,
        httpStatus: 500,
        reason: 'It was down.',
      },
    },
  };
}

/** A `delivery.planned` for the delivery of that id. */
export function aPlannedDelivery(deliveryId: string): EventOf<typeof deliveryPlanned> {
  return {
    type: deliveryPlanned.type,
    data: {
      deliveryId,
      endpointId: 'endpoint-1',
      url: 'https://example.com/hook',
      webhookType: 'task.completed',
      messageId: `msg_${deliveryId}`,
      body: '{"type":"task.completed","text":"größer"}',
      callbackUrl: null,
      environment: 'live',
      plannedAt: '2026-01-01T00:00:01.000Z',
    },
  };
}

/** A `lane.queued` of the delivery of that id, whose turn it is. */
export function aQueuedDelivery(deliveryId: string): EventOf<typeof laneQueued> {
  const entry = { deliveryId, channel: 'a-channel' };
  return { type: laneQueued.type, data: { ...entry, head: { ...entry, place: null } } };
}

/** A `lane.advanced` after which nobody waits. */
export function aLeftDelivery(deliveryId: string): EventOf<typeof laneAdvanced> {
  return { type: laneAdvanced.type, data: { left: deliveryId, head: null, tail: null } };
}
