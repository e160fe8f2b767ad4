import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '@headrace/event-log';
import { aCompletedRequest, aGeneratedRequest, anAcceptedRequest } from '../testing/request-events.js';
import { projectChangeOf } from './project-change.js';

const at = '2026-11-05T12:00:02.500Z';
const recorded = ({ type, data }: { type: string; data: unknown }): Recorded => ({
  id: 'id',
  type,
  data,
  address: { project: 'p1', channel: 'c1', aggregate: type.split('.')[0] ?? '' },
  sequence: 7,
  time: at,
  traceParent: '',
  causationId: null,
});
const delivery = {
  deliveryId: 'dlv_1',
  endpointId: 'ep_1',
  url: 'https://hooks.example.com/?secret=1',
  webhookType: 'task.completed',
};
const attempt = {
  number: 2,
  startedAt: at,
  durationMs: 31,
  httpStatus: 500,
  error: { code: 'http_status', message: 'HTTP 500' },
  responseBody: 'a body',
};

describe('what dashboards are told of a request', () => {
  it('names what will be asked when it was accepted', () => {
    expect(projectChangeOf(recorded(anAcceptedRequest()))).toEqual({
      type: 'request.accepted',
      channel_id: 'c1',
      at,
      state: 'accepted',
      workflow: 'demo_event',
      event_name: 'demo_ready',
      environment: 'live',
      provider: 'offline',
      model: 'any',
      duration_ms: null,
      elapsed_ms: 2_500,
      cost_usd: null,
      total_tokens: null,
      callback: false,
      error_code: null,
    });
  });

  it('tells how long it took and what it cost once it was generated', () => {
    const event = aGeneratedRequest();
    const generation = { ...event.data.generation, costUsd: 0.25, usage: { promptTokens: 3, completionTokens: 4 } };
    expect(projectChangeOf(recorded({ ...event, data: { ...event.data, generation } }))).toMatchObject({
      state: 'generated',
      duration_ms: 5,
      cost_usd: 0.25,
      total_tokens: 7,
      callback: false,
    });
  });

  it('says that the end came with a callback', () => {
    expect(projectChangeOf(recorded(aCompletedRequest()))).toMatchObject({ state: 'completed', callback: true });
  });

  it.each([
    ['cancelled', 'cancelled'],
    ['provider_failed', 'failed'],
  ])('that failed with %s is %s', (code, state) => {
    const { data } = aCompletedRequest();
    const failed = {
      type: 'request.failed',
      data: { ...data, generation: null, code, message: 'as a model wrote it' },
    };
    expect(projectChangeOf(recorded(failed))).toMatchObject({ state, error_code: code, provider: null });
  });

  it('never has prompts, answers, customer data or addresses', () => {
    const events = [
      anAcceptedRequest(),
      aGeneratedRequest(),
      aCompletedRequest(),
      { type: 'delivery.succeeded', data: { ...delivery, attempt } },
    ];
    const told = JSON.stringify(events.map((event) => projectChangeOf(recorded(event))));
    for (const text of ['hello', 'A title', 'row-1', 'u1', 'secret', 'a body']) expect(told).not.toContain(text);
  });
});

describe('what dashboards are told of deliveries, callbacks and sockets', () => {
  it('is which try came out how', () => {
    const failed = { type: 'delivery.attempted', data: { ...delivery, attempt, nextAttemptAt: at } };
    expect(projectChangeOf(recorded(failed))).toEqual({
      type: 'delivery.attempted',
      channel_id: 'c1',
      at,
      state: 'delivery_failed',
      delivery_id: 'dlv_1',
      endpoint_id: 'ep_1',
      webhook_type: 'task.completed',
      attempt: 2,
      http_status: 500,
      duration_ms: 31,
      error_code: 'http_status',
      next_attempt_at: at,
    });
  });

  it('is a dead letter without a try, too', () => {
    const dead = { type: 'delivery.dead-lettered', data: { ...delivery, attempt: null, reason: 'disabled' } };
    expect(projectChangeOf(recorded(dead))).toMatchObject({ state: 'dead_lettered', attempt: null, http_status: null });
  });

  it('is why a callback was refused, without its body', () => {
    const data = { code: 'callback_expired', receivedAt: at, body: { id: 'row-1' } };
    expect(projectChangeOf(recorded({ type: 'callback.refused', data }))).toEqual({
      type: 'callback.refused',
      channel_id: 'c1',
      at,
      state: 'callback_refused',
      error_code: 'callback_expired',
    });
  });

  it('is how many sockets got a state', () => {
    const data = { status: 'completed', sockets: 3, pushedAt: at, instance: 'realtime-hub-a', transport: 'socket' };
    const { pushedAt: _at, status: pushed, sockets: viewers, ...process } = data;
    expect(projectChangeOf(recorded({ type: 'realtime.pushed', data }))).toMatchObject({
      state: 'pushed',
      pushed,
      viewers,
      ...process,
    });
  });

  it('is nothing of what changes no state', () => {
    expect(projectChangeOf(recorded({ type: 'delivery.planned', data: {} }))).toBeUndefined();
  });
});
