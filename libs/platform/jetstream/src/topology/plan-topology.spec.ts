import { describe, expect, it } from '@jest/globals';
import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import { describeDifference } from './describe-difference.js';
import { consumerKey, planTopology, type ActualTopology } from './plan-topology.js';
import { wantedTopology } from './wanted-topology.js';

const wanted = wantedTopology(1);
const nothing: ActualTopology = { streams: new Map(), consumers: new Map() };

/** A server that has all that is wanted, with the defaults it adds; edited. */
function aServerWith(
  edits: { stream?: Partial<StreamConfig>; consumer?: Partial<ConsumerConfig> } = {},
): ActualTopology {
  const streams = wanted.streams.map((config) => {
    const stored = { max_msgs: -1, compression: 's2', ...config, ...(config.name === 'EVENTS' ? edits.stream : {}) };
    return [config.name, stored as StreamConfig] as const;
  });
  const consumers = wanted.consumers.map(({ stream, config }) => {
    const edit = config.durable_name === 'timeline-projector' ? edits.consumer : {};
    return [
      consumerKey(stream, config.durable_name),
      { max_waiting: 512, ...config, ...edit } as ConsumerConfig,
    ] as const;
  });
  return { streams: new Map(streams), consumers: new Map(consumers) };
}

describe('planning the topology', () => {
  it('creates everything on an empty server, streams before their consumers', () => {
    const plan = planTopology(wanted, nothing);
    const kinds = plan.map(({ kind }) => kind);
    expect(kinds).toEqual([
      ...wanted.streams.map(() => 'createStream'),
      ...wanted.consumers.map(() => 'createConsumer'),
    ]);
    expect(plan.map(describeDifference)).toContain('stream EVENTS: create, for evt.>');
    expect(plan.map(describeDifference)).toContain('consumer EVENTS/ai-runner-generate: create');
  });

  it('plans nothing when the server has what is wanted', () => {
    expect(planTopology(wanted, aServerWith())).toEqual([]);
  });

  it('prints what differs, in units that people read', () => {
    const tenDays = 10 * 86_400e9;
    const actual = aServerWith({ stream: { max_age: tenDays, republish: undefined }, consumer: { ack_wait: 2.5e9 } });
    expect(planTopology(wanted, actual).map(describeDifference)).toEqual([
      'stream EVENTS: max_age 10d → 30d, republish (not set) → ' +
        '{"src":"evt.*.*.request.*","dest":"rt.{{wildcard(1)}}.{{wildcard(2)}}.{{wildcard(3)}}"}',
      'consumer EVENTS/timeline-projector: ack_wait 2500ms → 15s',
    ]);
  });

  it('updates with what is wanted and keeps what an operator set besides', () => {
    const [update] = planTopology(wanted, aServerWith({ stream: { max_age: 1, max_bytes: 1_000_000 } }));
    expect(update).toMatchObject({ kind: 'updateStream', config: { max_bytes: 1_000_000, max_age: 30 * 86_400e9 } });
  });

  it('does not care about the order of subjects', () => {
    const subjects = wanted.consumers.find(({ config }) => config.durable_name === 'webhook-dispatcher-plan');
    const actual = aServerWith();
    const key = consumerKey('EVENTS', 'webhook-dispatcher-plan');
    const turned = {
      ...actual.consumers.get(key),
      filter_subjects: [...(subjects?.config.filter_subjects ?? [])].reverse(),
    };
    const consumers = new Map([...actual.consumers, [key, turned as ConsumerConfig]]);
    expect(planTopology(wanted, { ...actual, consumers })).toEqual([]);
  });
});
