import { describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { InMemoryTimers } from '@headrace/event-log/testing';
import type { WebhookEndpoint } from '@headrace/project-store';
import { NoticesInMemory } from '@headrace/project-store/testing';
import { anEndpoint, FixedProjectStore, projectId } from '../testing/dispatcher.harness.js';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { Logger } from '@nestjs/common';
import { openGate } from './open-gate.js';
import { ReleaseWaiting } from './release-waiting.js';
import type { WaitingDelivery } from './waiting-deliveries.port.js';

const entry = {
  project: projectId,
  endpoint: 'endpoint-1',
  isRetry: false,
  isReturning: true,
  maxInFlight: null,
  ratePerSecond: null,
};
const paused = { reason: 'paused' } as const;

function aRelease(endpoint: Partial<WebhookEndpoint>, count: number) {
  Logger.overrideLogger(false);
  const clock = { now: Date.parse('2026-01-01T00:00:00.000Z') };
  const timers = new InMemoryTimers();
  const notices = new NoticesInMemory();
  const projects = new FixedProjectStore([anEndpoint('http://one.test/', { paused: true, ...endpoint })]);
  const gate = openGate(new WebhookDispatcherSettings(), 1, { now: () => clock.now, random: () => 0 });
  const asked: { endpointId: string; dueBefore: Date }[] = [];
  const released = Promise.withResolvers<void>();
  const waiting = {
    async eachWaitingDelivery(
      query: { readonly endpointId: string; readonly dueBefore: Date },
      take: (deliveries: readonly WaitingDelivery[]) => Promise<void>,
    ): Promise<boolean> {
      asked.push(query);
      for (let at = 0; at < count; at += 2) {
        const ids = [at, at + 1].filter((each) => each < count);
        await take(ids.map((id) => ({ channel: `c${id}`, id: `dlv_${id}`, revision: 5, attempt: 1 })));
      }
      released.resolve();
      return true;
    },
  };
  const release = new ReleaseWaiting(notices, timers, waiting, projects, gate, new HeadraceSettings());
  release.onModuleInit();
  return { clock, timers, notices, projects, gate, asked, released: released.promise, release };
}

describe('deliveries that wait for an endpoint', () => {
  it('come back one after the other once it is resumed', async () => {
    const { clock, timers, notices, projects, gate, asked, released, release } = aRelease({}, 5);
    gate.comeBackAt(entry, paused, 0);
    projects.endpoints = [anEndpoint('http://one.test/')];
    notices.announce(projectId);
    await released;
    await release.onModuleDestroy();
    expect(timers.waiting.map(({ at }) => at.getTime() - clock.now)).toEqual([10, 20, 30, 40, 50]);
    expect(timers.waiting[0]?.data).toEqual({ deliveryId: 'dlv_0', attempt: 1, revision: 5 });
    expect(asked).toMatchObject([{ endpointId: 'endpoint-1', dueBefore: new Date(clock.now - 60_000) }]);
    expect(gate.pausedOf(projectId)).toEqual([]);
  });

  it('come back no faster than the endpoint takes them', async () => {
    const { clock, timers, release } = aRelease({ rateLimitPerSecond: 2 }, 3);
    await release.release(projectId, 'endpoint-1');
    expect(timers.waiting.map(({ at }) => at.getTime() - clock.now)).toEqual([500, 1_000, 1_500]);
  });

  it('stay where they are while something else about the project changes', async () => {
    const { gate, asked, release } = aRelease({}, 5);
    gate.comeBackAt(entry, paused, 0);
    await release.look(projectId);
    expect(asked).toEqual([]);
    expect(gate.pausedOf(projectId)).toEqual(['endpoint-1']);
  });

  it('come back although the notice was lost, when the first of them finds the endpoint resumed', async () => {
    const { gate, asked, released } = aRelease({ paused: false }, 5);
    gate.comeBackAt(entry, paused, 0);
    void gate.enter(entry);
    await released;
    expect(asked).toHaveLength(1);
  });

  it('keep their order where order is kept', async () => {
    const { timers, asked, release } = aRelease({ fifoKey: 'channel_id' }, 5);
    await release.release(projectId, 'endpoint-1');
    expect(asked).toEqual([]);
    expect(timers.waiting).toEqual([]);
  });

  it('come back when the circuit of the endpoint closes', async () => {
    const { clock, gate, asked, released } = aRelease({ paused: false }, 5);
    const attempt = (health: 'sick' | 'alive'): void => {
      const admission = gate.enter(entry);
      if (admission instanceof Promise || 'reason' in admission) throw new Error('no attempt may begin');
      gate.leave(admission, { health, strain: 'none', retryAfterMs: null });
    };
    for (let failures = 0; failures < 10; failures += 1) attempt('sick');
    const refusal = gate.enter(entry);
    expect(refusal).toEqual({ reason: 'circuit' });
    gate.comeBackAt(entry, { reason: 'circuit' }, 0);
    clock.now += 5_000;
    attempt('alive');
    await released;
    expect(asked).toHaveLength(1);
  });
});
