import { describe, expect, it } from '@jest/globals';
import { aPlannedDelivery } from '@headrace/domain/testing';
import type { Recorded } from '@headrace/event-log';
import { rowsOfEvents } from './rows-of-events.js';

const recorded = (aggregate: string, type: string, data: unknown): Recorded => ({
  id: 'id-1',
  type,
  data,
  address: { project: 'p1', channel: 'c1', aggregate, key: 'k1' },
  sequence: 7,
  time: '2026-01-01T00:00:00.000Z',
  traceParent: '',
  causationId: null,
});

describe('the rows of events', () => {
  it('tell of a delivery', () => {
    const { timeline, deliveries } = rowsOfEvents([recorded('delivery', 'delivery.planned', aPlannedDelivery())]);
    expect([timeline.length, deliveries.length]).toEqual([1, 1]);
  });

  it('say nothing of whose turn it is in a lane', () => {
    const rows = rowsOfEvents([recorded('lane', 'lane.queued', {}), recorded('lane', 'lane.advanced', {})]);
    expect(rows).toEqual({ timeline: [], requests: [], deliveries: [] });
  });
});
