import { describe, expect, it } from '@jest/globals';
import { InvalidEvent, RevisionConflict } from '../errors.js';
import type { EventLog } from '../event-log.port.js';
import {
  aFailedEvent,
  aGenerationAttempt,
  aLeftDelivery,
  anAcceptedEvent,
  aPlannedDelivery,
  aQueuedDelivery,
  aRequestAddress,
} from './event.fixtures.js';

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const traceIdOf = (text: string): string | undefined => text.split('-')[1];

/** What every adapter of the event log does. `log` is called in each test, after the adapter is up. */
export function eventLogContract(name: string, log: () => EventLog): void {
  describe(`${name} as an event log`, () => {
    it('gives back an event as it was appended, with its place', async () => {
      const address = aRequestAddress();
      const sequence = await log().append(address, anAcceptedEvent('Grüße 🌍'), { expectedRevision: 0 });
      const last = await log().last(address);
      expect(last).toMatchObject({ ...anAcceptedEvent('Grüße 🌍'), address, sequence, causationId: null });
      expect(last?.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(Math.abs(Date.parse(last?.time ?? '') - Date.now())).toBeLessThan(60_000);
    });

    it('appends at the revision that the writer knows', async () => {
      const address = aRequestAddress();
      const first = await log().append(address, anAcceptedEvent(), { expectedRevision: 0 });
      const second = await log().append(address, aFailedEvent(), { expectedRevision: first });
      expect(second).toBeGreaterThan(first);
    });

    it('refuses a writer that knows an older revision, and stores nothing of it', async () => {
      const address = aRequestAddress();
      await log().append(address, anAcceptedEvent(), { expectedRevision: 0 });
      const late = log().append(address, aFailedEvent(), { expectedRevision: 0 });
      await expect(late).rejects.toBeInstanceOf(RevisionConflict);
      await expect(log().read(address)).resolves.toHaveLength(1);
    });

    it.each([2, 20])('lets exactly one of %i racing writers win', async (writers) => {
      const address = aRequestAddress();
      const revision = await log().append(address, anAcceptedEvent(), { expectedRevision: 0 });
      const outcomes = await Promise.allSettled(
        Array.from({ length: writers }, (_, writer) =>
          log().append(address, aFailedEvent(`Writer ${writer}`), { expectedRevision: revision }),
        ),
      );
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost.map(({ reason }) => (reason as Error).name)).toEqual(Array(writers - 1).fill('RevisionConflict'));
      await expect(log().read(address)).resolves.toHaveLength(2);
    });

    it('keeps each delivery of a channel at a revision of its own', async () => {
      const { project, channel } = aRequestAddress();
      const one = { project, channel, aggregate: 'delivery', key: 'one' };
      const other = { ...one, key: 'other' };
      await log().append(one, aPlannedDelivery('one'), { expectedRevision: 0 });
      await log().append(other, aPlannedDelivery('other'), { expectedRevision: 0 });
      await expect(log().append(one, aPlannedDelivery('one'), { expectedRevision: 0 })).rejects.toBeInstanceOf(
        RevisionConflict,
      );
      expect((await log().last(other))?.address).toEqual(other);
    });

    it('does not count facts of another aggregate into a revision', async () => {
      const address = aRequestAddress();
      const revision = await log().append(address, anAcceptedEvent(), { expectedRevision: 0 });
      await log().append({ ...address, aggregate: 'generation' }, aGenerationAttempt());
      const failed = log().append(address, aFailedEvent(), { expectedRevision: revision });
      await expect(failed).resolves.toBeGreaterThan(revision);
    });

    it('appends facts without a condition, as often as they happen', async () => {
      const address = { ...aRequestAddress(), aggregate: 'generation' };
      await log().append(address, aGenerationAttempt(1));
      await log().append(address, aGenerationAttempt(2));
      const attempts = await log().read(address);
      expect(attempts.map(({ data }) => (data as { number: number }).number)).toEqual([1, 2]);
    });

    it('reads a channel in order, and nothing of other channels', async () => {
      const address = aRequestAddress();
      const { project, channel } = address;
      await log().append(address, anAcceptedEvent());
      await log().append(aRequestAddress(), anAcceptedEvent());
      await log().append({ ...address, aggregate: 'generation' }, aGenerationAttempt());
      await log().append({ ...address, aggregate: 'delivery', key: 'one' }, aPlannedDelivery('one'));
      await log().append(address, aFailedEvent());
      const events = await log().readChannel(project, channel);
      expect(events.map(({ type }) => type)).toEqual([
        'request.accepted',
        'generation.attempted',
        'delivery.planned',
        'request.failed',
      ]);
      expect(events.map(({ sequence }) => sequence)).toEqual(
        events.map(({ sequence }) => sequence).sort((a, b) => a - b),
      );
    });

    it('finds the first event of a type behind a place', async () => {
      const { project, channel } = aRequestAddress();
      const lane = { project, channel, aggregate: 'lane', key: 'one' };
      const first = await log().append(lane, aQueuedDelivery('dlv_1'));
      await log().append({ ...lane, key: 'other' }, aQueuedDelivery('dlv_2'));
      await log().append(lane, aLeftDelivery('dlv_1'));
      const second = await log().append(lane, aQueuedDelivery('dlv_3'));
      await log().append(lane, aQueuedDelivery('dlv_4'));
      const after = (sequence: number) => log().firstAfter(lane, 'lane.queued', sequence);
      await expect(after(0)).resolves.toMatchObject({ sequence: first, address: lane });
      await expect(after(first)).resolves.toMatchObject({ ...aQueuedDelivery('dlv_3'), sequence: second });
      await expect(after(second + 1)).resolves.toBeUndefined();
    });

    it('reads nothing where nothing is', async () => {
      const address = aRequestAddress();
      await expect(log().last(address)).resolves.toBeUndefined();
      await expect(log().read(address)).resolves.toEqual([]);
      await expect(log().readChannel(address.project, address.channel)).resolves.toEqual([]);
      await expect(log().findRequest(address.channel)).resolves.toBeUndefined();
    });

    it('finds a request whose project is not known', async () => {
      const address = aRequestAddress('another-project');
      await log().append(address, anAcceptedEvent());
      await log().append(address, aFailedEvent());
      await log().append({ ...address, aggregate: 'generation' }, aGenerationAttempt());
      await expect(log().findRequest(address.channel)).resolves.toMatchObject({ type: 'request.failed', address });
    });

    it('refuses data that does not fit the schema, and says where', async () => {
      const address = aRequestAddress();
      const event = { type: 'request.accepted', data: { ...anAcceptedEvent().data, messages: 'Hello' } };
      await expect(log().append(address, event)).rejects.toThrow(InvalidEvent);
      await expect(log().append(address, event)).rejects.toThrow('/messages');
      await expect(log().last(address)).resolves.toBeUndefined();
    });

    it('refuses an event that the catalogue does not know, or that belongs elsewhere', async () => {
      const address = aRequestAddress();
      await expect(log().append(address, { type: 'request.imagined', data: {} })).rejects.toThrow(InvalidEvent);
      await expect(log().append(address, aGenerationAttempt())).rejects.toThrow(InvalidEvent);
      const withoutKey = log().append({ ...address, aggregate: 'delivery' }, aPlannedDelivery('one'));
      await expect(withoutKey).rejects.toThrow(InvalidEvent);
    });

    it('stores an event once when it is appended twice under one message id', async () => {
      const address = { ...aRequestAddress(), aggregate: 'generation' };
      const messageId = `attempt-${address.channel}`;
      const first = await log().append(address, aGenerationAttempt(), { messageId });
      await expect(log().append(address, aGenerationAttempt(), { messageId })).resolves.toBe(first);
      await expect(log().read(address)).resolves.toHaveLength(1);
    });

    it('carries the trace on from the cause, and names the cause', async () => {
      const address = aRequestAddress();
      await log().append(address, anAcceptedEvent(), { traceParent });
      const accepted = await log().last(address);
      expect(traceIdOf(accepted?.traceParent ?? '')).toBe(traceIdOf(traceParent));
      await log().append(address, aFailedEvent(), { cause: accepted });
      const failed = await log().last(address);
      expect(traceIdOf(failed?.traceParent ?? '')).toBe(traceIdOf(traceParent));
      expect(failed?.causationId).toBe(accepted?.id);
    });

    it('keeps a fact that nobody waits for, with its cause', async () => {
      const address = aRequestAddress();
      await log().append(address, anAcceptedEvent(), { traceParent });
      const accepted = await log().last(address);
      const attempts = { ...address, aggregate: 'generation' };
      log().note(attempts, aGenerationAttempt(), { cause: accepted });
      // A log takes what one writer says in order: once this is there, the fact is.
      await log().append(address, aFailedEvent());
      const noted = await log().last(attempts);
      expect(noted).toMatchObject({ type: 'generation.attempted', causationId: accepted?.id });
      expect(traceIdOf(noted?.traceParent ?? '')).toBe(traceIdOf(traceParent));
    });

    it('refuses a fact that does not fit, waited for or not', () => {
      const address = { ...aRequestAddress(), aggregate: 'generation' };
      expect(() => log().note(address, { type: 'generation.attempted', data: {} })).toThrow(InvalidEvent);
    });

    it('starts a trace of its own where there is no cause', async () => {
      const [one, other] = [aRequestAddress(), aRequestAddress()];
      await log().append(one, anAcceptedEvent());
      await log().append(other, anAcceptedEvent());
      const traces = [await log().last(one), await log().last(other)].map((event) => event?.traceParent ?? '');
      for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
      expect(traceIdOf(traces[0] ?? '')).not.toBe(traceIdOf(traces[1] ?? ''));
    });
  });
}
