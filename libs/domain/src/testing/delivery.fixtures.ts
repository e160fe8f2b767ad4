import type { DataOf, DeliveryAttempt, deliveryPlanned } from '@headrace/contracts';

/** Data of `delivery.planned`. */
export function aPlannedDelivery(
  overrides: Partial<DataOf<typeof deliveryPlanned>> = {},
): DataOf<typeof deliveryPlanned> {
  return {
    deliveryId: 'dlv_1',
    endpointId: 'endpoint-1',
    url: 'https://receiver.test/hook',
    webhookType: 'task.completed',
    messageId: 'msg_1',
    body: '{"type":"task.completed","data":{"answer":42}}',
    callbackUrl: null,
    environment: 'live',
    plannedAt: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}

/** An attempt that the endpoint took. */
export function aGoodAttempt(number = 1): DeliveryAttempt {
  return {
    number,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 12,
    httpStatus: 200,
    error: null,
    responseBody: 'ok',
  };
}

/** An attempt that the endpoint answered with 500. */
export function aFailedAttempt(number = 1): DeliveryAttempt {
  return {
    ...aGoodAttempt(number),
    httpStatus: 500,
    error: { code: 'http_status', message: 'The endpoint answered 500.' },
    responseBody: 'oops',
  };
}
