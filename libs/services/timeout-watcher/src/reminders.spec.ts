import { beforeEach, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { callbackReminded, type callbackReminderTimer, type RequestContext } from '@headrace/contracts';
import { requestDecider, type RequestCommand } from '@headrace/domain';
import { aCallback, aGeneration, anAcceptedRequest, anOutput, aStage, aStageCallback } from '@headrace/domain/testing';
import { handleCommand, type Delivery, type FiredTimer } from '@headrace/event-log';
import { InMemoryEventLog, InMemoryTimers } from '@headrace/event-log/testing';
import { Logger } from '@nestjs/common';
import { RemindOnReminderDueHandler } from './remind-on-reminder-due.handler.js';
import { Reminders } from './reminders.js';
import { WatchDeadlineOnRequestGeneratedHandler } from './watch-deadline-on-request-generated.handler.js';

type Watched = Parameters<WatchDeadlineOnRequestGeneratedHandler['watch']>[0];
type ReminderTimer = FiredTimer<typeof callbackReminderTimer>;

const address = { project: 'project-1', channel: '3f9f6b8e-0000-4000-8000-000000000001', aggregate: 'request' };
const timerAddress = { kind: 'callback-reminder', project: address.project, channel: address.channel, key: 'reminder' };
const first: Delivery = { count: 1, isLast: false, signal: new AbortController().signal };
const hour = 3_600_000;

let log: InMemoryEventLog;
let timers: InMemoryTimers;
let watcher: WatchDeadlineOnRequestGeneratedHandler;
let reminder: RemindOnReminderDueHandler;

beforeEach(() => {
  Logger.overrideLogger(false);
  log = new InMemoryEventLog();
  timers = new InMemoryTimers();
  const settings = new HeadraceSettings();
  const reminders = new Reminders(timers, settings);
  watcher = new WatchDeadlineOnRequestGeneratedHandler(log, timers, reminders);
  reminder = new RemindOnReminderDueHandler(log, reminders);
});

const fromNow = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** Decides a command and has its consumer see what followed. */
async function decided(command: RequestCommand): Promise<Watched> {
  await handleCommand(log, requestDecider, address, command);
  const event = (await log.last(address)) as Watched;
  await watcher.watch(event, first);
  return event;
}

/** A request whose AI answered so long ago, with a window of a day. */
async function aRequestThatWaits(context: Partial<RequestContext>, sinceMs = 0): Promise<Watched> {
  await handleCommand(log, requestDecider, address, {
    type: 'accept',
    accepted: anAcceptedRequest({ eventName: 'ready', ...context }),
  });
  return decided({
    type: 'recordGeneration',
    generation: aGeneration(),
    output: anOutput(),
    at: fromNow(-sinceMs),
    callbackDeadline: fromNow(24 * hour),
  });
}

const waitingReminders = () => timers.waiting.filter((timer) => timer.address.kind === 'callback-reminder');
const told = () => log.all.filter(({ type }) => type === callbackReminded.type);
const fires = (revision: number, number: number): Promise<void> => {
  const timer: ReminderTimer = {
    id: 'timer-1',
    address: timerAddress,
    data: { revision, number },
    traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return reminder.remind(timer);
};

describe('reminders of a callback', () => {
  it('are set when the AI has answered, one at a time', async () => {
    const { sequence } = await aRequestThatWaits({ reminderMs: hour });
    expect(waitingReminders()).toMatchObject([{ address: timerAddress, data: { revision: sequence, number: 1 } }]);
  });

  it('are not set for a request that has none', async () => {
    await aRequestThatWaits({});
    expect(waitingReminders()).toEqual([]);
  });

  it('are told in the log, with what the webhook needs, and followed by the next', async () => {
    const { sequence } = await aRequestThatWaits({ reminderMs: hour }, hour);
    await fires(sequence, 1);
    expect(told()).toMatchObject([
      {
        address: { key: '0-1' },
        causationId: 'timer-1',
        data: { number: 1, context: { eventName: 'ready' }, output: { data: { answer: 42 } } },
      },
    ]);
    expect(callbackReminded.violations(told()[0]?.data)).toEqual([]);
    expect(waitingReminders()).toMatchObject([{ data: { revision: sequence, number: 2 } }]);
  });

  it('are told once when the timer fires twice', async () => {
    const { sequence } = await aRequestThatWaits({ reminderMs: hour }, hour);
    await Promise.all([fires(sequence, 1), fires(sequence, 1)]);
    await fires(sequence, 1);
    expect(told()).toHaveLength(1);
    expect(waitingReminders()).toMatchObject([{ data: { number: 2 } }]);
  });

  it('end with their list', async () => {
    const { sequence } = await aRequestThatWaits({ reminderMs: [hour] }, hour);
    await fires(sequence, 1);
    expect(told()).toHaveLength(1);
    expect(waitingReminders()).not.toMatchObject([{ data: { number: 2 } }]);
  });

  it.each<[string, RequestCommand]>([
    ['called back', { type: 'receiveCallback', callback: aCallback(), at: fromNow(0) }],
    ['gone on', { type: 'receiveCallback', callback: aStageCallback(), stage: aStage(), at: fromNow(0) }],
    ['been cancelled', { type: 'cancel', at: fromNow(0) }],
  ])('are forgotten when the request has %s, and one that fires late tells nothing', async (_, command) => {
    const { sequence } = await aRequestThatWaits({ reminderMs: hour });
    await decided(command);
    expect(waitingReminders()).toEqual([]);
    await fires(sequence, 1);
    expect(told()).toEqual([]);
  });

  it('tell nothing of a request that is no longer in the log', async () => {
    await fires(7, 1);
    expect(log.all).toEqual([]);
  });
});
