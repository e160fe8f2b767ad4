import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import type { callbackDeadlineTimer, DataOf, requestFailed, requestGenerated } from '@headrace/contracts';
import { requestDecider, type RequestCommand } from '@headrace/domain';
import {
  aCallback,
  aGeneration,
  anAcceptedRequest,
  anOutput,
  aToolCallingOutput,
  aToolResultCallback,
} from '@headrace/domain/testing';
import { handleCommand, type Delivery, type FiredTimer, type RecordedOf } from '@headrace/event-log';
import { InMemoryEventLog, InMemoryTimers } from '@headrace/event-log/testing';
import { Logger } from '@nestjs/common';
import { ExpireOnCallbackDeadlineHandler } from './expire-on-callback-deadline.handler.js';
import { Reminders } from './reminders.js';
import { WatchDeadlineOnRequestGeneratedHandler } from './watch-deadline-on-request-generated.handler.js';

type Watched = Parameters<WatchDeadlineOnRequestGeneratedHandler['watch']>[0];
type DeadlineTimer = FiredTimer<typeof callbackDeadlineTimer>;

const address = { project: 'project-1', channel: '3f9f6b8e-0000-4000-8000-000000000001', aggregate: 'request' };
const timerAddress = { kind: 'callback-deadline', project: address.project, channel: address.channel, key: 'deadline' };
const first: Delivery = { count: 1, isLast: false, signal: new AbortController().signal };
const minute = 60_000;

let log: InMemoryEventLog;
let timers: InMemoryTimers;
let watcher: WatchDeadlineOnRequestGeneratedHandler;
let expirer: ExpireOnCallbackDeadlineHandler;

beforeEach(() => {
  Logger.overrideLogger(false);
  log = new InMemoryEventLog();
  timers = new InMemoryTimers();
  watcher = new WatchDeadlineOnRequestGeneratedHandler(log, timers, new Reminders(timers, new HeadraceSettings()));
  expirer = new ExpireOnCallbackDeadlineHandler(log, timers);
});

const fromNow = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** Decides a command and gives the event that followed, as its consumers get it. */
async function decided(command: RequestCommand): Promise<Watched> {
  await handleCommand(log, requestDecider, address, command);
  return (await log.last(address)) as Watched;
}

/** A request whose AI has answered, with this deadline. */
async function generated(callbackDeadline: string, output = anOutput()): Promise<RecordedOf<typeof requestGenerated>> {
  await decided({ type: 'accept', accepted: anAcceptedRequest({ eventName: 'ready' }) });
  return (await decided(answerBy(callbackDeadline, output))) as RecordedOf<typeof requestGenerated>;
}

const answerBy = (callbackDeadline: string, output = anOutput()): RequestCommand => ({
  type: 'recordGeneration',
  generation: aGeneration(),
  output,
  at: fromNow(0),
  callbackDeadline,
});

const callBackWith = (callback = aCallback()): RequestCommand => ({
  type: 'receiveCallback',
  callback,
  at: fromNow(0),
});

const deadlineTimer = (revision: number): DeadlineTimer => ({
  id: 'timer-1',
  address: timerAddress,
  data: { revision },
  traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});

const callBack = (): Promise<Watched> => decided(callBackWith());

describe('the deadline of a callback', () => {
  it('is set when the AI has answered', async () => {
    const event = await generated(fromNow(minute));
    await watcher.watch(event, first);
    expect(timers.waiting).toMatchObject([
      {
        address: timerAddress,
        at: new Date(event.data.callbackDeadline),
        data: { revision: event.sequence },
        traceParent: event.traceParent,
      },
    ]);
  });

  it('is there once, however often the event is delivered', async () => {
    const event = await generated(fromNow(minute));
    await watcher.watch(event, first);
    await watcher.watch(event, { ...first, count: 2 });
    expect(timers.waiting).toHaveLength(1);
  });

  it('is forgotten when the backend has called back', async () => {
    await watcher.watch(await generated(fromNow(minute)), first);
    await watcher.watch(await callBack(), first);
    expect(timers.waiting).toEqual([]);
  });

  it('is forgotten when the wait is cancelled', async () => {
    await watcher.watch(await generated(fromNow(minute)), first);
    await watcher.watch(await decided({ type: 'cancel', at: fromNow(0) }), first);
    expect(timers.waiting).toEqual([]);
  });

  it('is forgotten when the request goes on, and set again by its next answer', async () => {
    await watcher.watch(await generated(fromNow(minute), aToolCallingOutput('a')), first);
    await watcher.watch(await decided(callBackWith(aToolResultCallback(['a']))), first);
    expect(timers.waiting).toEqual([]);
    const callbackDeadline = fromNow(2 * minute);
    const again = await decided(answerBy(callbackDeadline));
    await watcher.watch(again, first);
    expect(timers.waiting).toMatchObject([{ at: new Date(callbackDeadline), data: { revision: again.sequence } }]);
  });

  it('is not set again by an event that is delivered again after the end', async () => {
    const event = await generated(fromNow(minute));
    await watcher.watch(await callBack(), first);
    await watcher.watch(event, { ...first, count: 2 });
    expect(timers.waiting).toEqual([]);
  });

  it('costs requests nothing that never had one', async () => {
    const cancel = jest.spyOn(timers, 'cancel');
    await decided({ type: 'accept', accepted: anAcceptedRequest() });
    const recordGeneration = { generation: aGeneration(), output: anOutput(), at: fromNow(0) };
    const completed = await decided({ type: 'recordGeneration', ...recordGeneration, callbackDeadline: fromNow(0) });
    await watcher.watch(completed, first);
    expect(completed.type).toBe('request.completed');
    const failed = failedBeforeAnAnswer(completed);
    await watcher.watch(failed, first);
    expect(cancel).not.toHaveBeenCalled();
  });
});

describe('a deadline that has come', () => {
  it('fails the request', async () => {
    const { sequence } = await generated(fromNow(-1));
    const timer = deadlineTimer(sequence);
    await expirer.expire(timer);
    const last = await log.last(address);
    expect(last).toMatchObject({
      type: 'request.failed',
      data: { code: 'callback_timeout' },
      causationId: timer.id,
      traceParent: timer.traceParent,
    });
    const cancel = jest.spyOn(timers, 'cancel');
    await watcher.watch(last as Watched, first);
    expect(cancel).not.toHaveBeenCalled();
  });

  it('fails it once when the timer fires twice', async () => {
    const { sequence } = await generated(fromNow(-1));
    await Promise.all([expirer.expire(deadlineTimer(sequence)), expirer.expire(deadlineTimer(sequence))]);
    await expirer.expire(deadlineTimer(sequence));
    expect(log.all.filter(({ type }) => type === 'request.failed')).toHaveLength(1);
  });

  it('changes nothing when the backend has called back', async () => {
    const { sequence } = await generated(fromNow(-1));
    await callBack();
    await expirer.expire(deadlineTimer(sequence));
    expect((await log.last(address))?.type).toBe('request.completed');
    expect(timers.waiting).toEqual([]);
  });

  it('changes nothing when the request is no longer in the log', async () => {
    await expirer.expire(deadlineTimer(7));
    expect(log.all).toEqual([]);
    expect(timers.waiting).toEqual([]);
  });

  it('is set again when the timer fired too early', async () => {
    const { sequence, data } = await generated(fromNow(minute));
    await expirer.expire(deadlineTimer(sequence));
    expect((await log.last(address))?.type).toBe('request.generated');
    expect(timers.waiting).toMatchObject([{ at: new Date(data.callbackDeadline), data: { revision: sequence } }]);
  });

  it('ends in exactly one way when it races with the callback', async () => {
    const { sequence } = await generated(fromNow(-1));
    await Promise.all([callBack(), expirer.expire(deadlineTimer(sequence))]);
    const ends = log.all.filter(({ type }) => type === 'request.completed' || type === 'request.failed');
    expect(ends).toHaveLength(1);
  });

  it('either ends the request or lets it go on when it races with tool results', async () => {
    const { sequence } = await generated(fromNow(-1), aToolCallingOutput('a'));
    await Promise.all([expirer.expire(deadlineTimer(sequence)), decided(callBackWith(aToolResultCallback(['a'])))]);
    await expirer.expire(deadlineTimer(sequence));
    const types = log.all.map(({ type }) => type).slice(2);
    expect([['request.continued'], ['request.failed']]).toContainEqual(types);
  });
});

/** The failure of an event-driven request whose providers all failed: it never waited. */
function failedBeforeAnAnswer(place: Watched): Watched {
  const data: DataOf<typeof requestFailed> = {
    context: anAcceptedRequest({ eventName: 'ready' }).context,
    code: 'provider_failed',
    message: 'It was down.',
    details: {},
    generation: null,
    output: null,
    callback: null,
    failedAt: fromNow(0),
  };
  return { ...place, type: 'request.failed', data };
}
