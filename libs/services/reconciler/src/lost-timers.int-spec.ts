import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  callbackDeadlineSetterConsumer,
  callbackDeadlineTimer,
  callbackReminderTimer,
  deliveryConsumer,
  deliveryRetryTimer,
  generationResumeTimer,
} from '@headrace/contracts';
import { randomUUID } from 'node:crypto';
import { project, ReconcilerStage } from './testing/reconciler.stage.js';
import { accepted, attempted, generated, planned, providerFailed, reminded } from './testing/story.fixtures.js';

let stage: ReconcilerStage;
let channel: string;

beforeAll(async () => {
  stage = await ReconcilerStage.start();
});
afterAll(() => stage.stop());
beforeEach(() => {
  channel = randomUUID();
});
afterEach(() => stage.clear());

describe('the reconciler, after timers were lost', () => {
  const deadline = () =>
    stage.jetStream.inspection.hasTimer(callbackDeadlineTimer, { project, channel, key: 'deadline' });
  const retry = () => stage.jetStream.inspection.hasTimer(deliveryRetryTimer, { project, channel, key: 'dlv_1' });

  it('sets the deadline of a callback again', async () => {
    await stage.happened(channel, generated());
    await stage.settleAll('EVENTS', callbackDeadlineSetterConsumer.name);
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await deadline()).toBe(true);
  });

  const reminder = () =>
    stage.jetStream.inspection.hasTimer(callbackReminderTimer, { project, channel, key: 'reminder' });

  it('sets the next reminder of a callback again', async () => {
    const answer = generated(20_000);
    await stage.happened(channel, answer, reminded(answer, 1));
    await stage.settleAll('EVENTS', callbackDeadlineSetterConsumer.name);
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await reminder()).toBe(true);
    expect(await deadline()).toBe(true);
  });

  it('sets no reminder where none is still to come', async () => {
    const answer = generated(20_000);
    await stage.happened(channel, answer, reminded(answer, 1), reminded(answer, 2));
    await stage.settleAll('EVENTS', callbackDeadlineSetterConsumer.name);
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await reminder()).toBe(false);
  });

  it('leaves a deadline to the consumer that has not set it yet', async () => {
    await stage.happened(channel, generated());
    await stage.aReconciler().run();
    expect(await deadline()).toBe(false);
  });

  it('sets the timer of an attempt again that is overdue', async () => {
    await stage.happened(channel, planned(), attempted(new Date(Date.now() - 1)));
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await retry()).toBe(true);
  });

  it('sets the timer of a first attempt again that was put off', async () => {
    await stage.happened(channel, planned(new Date(Date.now() - 1_000)));
    await stage.settleAll('EVENTS', deliveryConsumer.name);
    await stage.aReconciler().run();
    expect(await retry()).toBe(true);
  });

  it('leaves a first attempt to the consumer that has not made it yet', async () => {
    await stage.happened(channel, planned(new Date(Date.now() - 1_000)));
    await stage.aReconciler().run();
    expect(await retry()).toBe(false);
  });

  const generation = () =>
    stage.jetStream.inspection.hasTimer(generationResumeTimer, { project, channel, key: 'generation' });

  it('sets the timer of an attempt at a provider again that is overdue', async () => {
    await stage.happened(channel, accepted(), providerFailed(new Date(Date.now() - 120_000)));
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await generation()).toBe(true);
  });

  it('leaves an attempt at a provider alone that may be under way', async () => {
    await stage.happened(channel, accepted(), providerFailed(new Date(Date.now() - 1_000)));
    await stage.aReconciler().run();
    expect(await generation()).toBe(false);
  });

  it('leaves a request alone whose answer came after its provider had failed', async () => {
    await stage.happened(channel, accepted(), providerFailed(new Date(Date.now() - 120_000)), generated());
    await stage.settleAll('EVENTS', callbackDeadlineSetterConsumer.name);
    await stage.aReconciler().run();
    expect(await generation()).toBe(false);
  });

  it('leaves an attempt alone that is not overdue', async () => {
    await stage.happened(channel, planned(), attempted(new Date(Date.now() + 60_000)));
    await stage.aReconciler().run();
    expect(await retry()).toBe(false);
  });
});
