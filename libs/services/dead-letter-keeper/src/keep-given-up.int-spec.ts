import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  callbackDeadlineConsumer,
  callbackDeadlineTimer,
  requestAccepted,
  type ConsumerDefinition,
} from '@headrace/contracts';
import { Handles, HandlesTimer, PermanentFailure } from '@headrace/event-log';
import { anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import {
  aConsumer,
  openJetStream,
  runHandlers,
  type TestJetStream,
  type TestProcess,
} from '@headrace/jetstream/testing';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { KeepGivenUpHandler } from './keep-given-up.handler.js';

let nats: TestNats;
let opened: TestJetStream;
let running: TestProcess | undefined;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
afterEach(async () => {
  await running?.stop();
  await opened.jetStream.close();
});

const consumers: readonly ConsumerDefinition[] = [
  aConsumer('given-up-term', { filterSubjects: ['evt.term.>'] }),
  aConsumer('given-up-tries', { filterSubjects: ['evt.tries.>'], maxDeliver: 2 }),
  aConsumer('given-up-dies', { filterSubjects: ['evt.dies.>'], maxDeliver: 1, ackWaitMs: 400 }),
];

/** A handler of one project's requests that always throws. */
function failing(consumer: ConsumerDefinition | undefined, error: Error): object {
  if (!consumer) throw new Error('no such consumer');
  class Failing {
    @Handles(consumer as ConsumerDefinition, requestAccepted)
    async fail(): Promise<void> {
      throw error;
    }
  }
  return new Failing();
}

async function run(...handlers: object[]): Promise<void> {
  opened = await openJetStream(nats, { consumers });
  running = await runHandlers(opened.jetStream, new KeepGivenUpHandler(opened.jetStream.deadLetters), ...handlers);
}

/** The dead letter of a consumer, once it is there. */
async function deadLetterOf(stream: string, consumer: string): Promise<StoredMsg> {
  const manager = await jetstreamManager(opened.jetStream.connection.client);
  return waitFor(() => manager.direct.getMessage('DLQ', { last_by_subj: `dlq.pipeline.${stream}.${consumer}` }), {
    what: `a dead letter of ${consumer}`,
  });
}

const reasonOf = ({ header }: StoredMsg): string => header.get('hr-dead-letter-reason');

describe('a message that is given up is kept in the dead-letter queue', () => {
  it('with the reason, when its handler says that nothing can mend it', async () => {
    await run(failing(consumers[0], new PermanentFailure('The workflow is gone')));
    const address = aRequestAddress('term');
    await opened.jetStream.eventLog.append(address, anAcceptedEvent());
    const letter = await deadLetterOf('EVENTS', 'given-up-term');
    expect(reasonOf(letter)).toBe('PermanentFailure: The workflow is gone');
    expect(letter.json()).toEqual(anAcceptedEvent().data);
    expect(letter.header.get('hr-dead-letter-subject')).toBe(`evt.term.${address.channel}.request.accepted`);
  });

  it('with the last error, when it used up its deliveries', async () => {
    await run(failing(consumers[1], new Error('The provider is away')));
    await opened.jetStream.eventLog.append(aRequestAddress('tries'), anAcceptedEvent());
    const letter = await deadLetterOf('EVENTS', 'given-up-tries');
    expect(reasonOf(letter)).toBe('failed 2 times, at last with: The provider is away');
  });

  it('even when the process dies in the last delivery', async () => {
    await run();
    await opened.jetStream.eventLog.append(aRequestAddress('dies'), anAcceptedEvent());
    const dying = await jetstream(opened.jetStream.connection.client).consumers.get('EVENTS', 'given-up-dies');
    expect(await dying.next()).not.toBeNull();
    // The server gives up when the next one asks.
    const next = dying.next({ expires: 5_000 });
    const letter = await deadLetterOf('EVENTS', 'given-up-dies');
    expect(reasonOf(letter)).toBe('delivery 1, the last, was never settled: its process died or hung');
    await opened.jetStream.eventLog.append(aRequestAddress('dies'), anAcceptedEvent());
    (await next)?.ack();
  });

  it('once, and leaves the work queue, when it is a timer', async () => {
    class Failing {
      @HandlesTimer(callbackDeadlineConsumer, callbackDeadlineTimer)
      async fail(): Promise<void> {
        throw new PermanentFailure('The request is gone');
      }
    }
    await run(new Failing());
    const key = { project: 'p', channel: 'c', key: 'deadline' };
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, key, new Date(), { revision: 3 });
    const letter = await deadLetterOf('TIMERS', callbackDeadlineConsumer.name);
    expect(letter.json()).toEqual({ revision: 3 });
    expect(reasonOf(letter)).toBe('PermanentFailure: The request is gone');
    const manager = await jetstreamManager(opened.jetStream.connection.client);
    // The server's notice of the termination comes after the copy, and must not make a second one.
    await waitFor(async () => {
      const { delivered, num_ack_pending, num_pending } = await manager.consumers.info(
        'ADVISORIES',
        'dead-letter-keeper',
      );
      return delivered.stream_seq >= 4 && num_ack_pending === 0 && num_pending === 0;
    });
    const { state } = await manager.streams.info('DLQ', { subjects_filter: 'dlq.pipeline.TIMERS.>' });
    expect(state.subjects).toEqual({ [`dlq.pipeline.TIMERS.${callbackDeadlineConsumer.name}`]: 1 });
    expect((await manager.streams.info('TIMERS')).state.messages).toBe(0);
  });
});
