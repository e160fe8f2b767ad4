import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aiRunnerConsumer, generationResumeTimer } from '@headrace/contracts';
import { project, ReconcilerStage } from './testing/reconciler.stage.js';
import { accepted, generated } from './testing/story.fixtures.js';

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

describe('the reconciler, after waiting lines were lost', () => {
  const goesOn = () =>
    stage.jetStream.inspection.hasTimer(generationResumeTimer, { project, channel, key: 'generation' });

  /** A request was accepted, and the runner is done with its message, for it waits elsewhere. */
  async function isPutOff(): Promise<void> {
    await stage.happened(channel, accepted());
    await stage.settleAll('EVENTS', aiRunnerConsumer.name);
  }

  async function joinsLine(): Promise<void> {
    const last = await stage.jetStream.eventLog.last({ project, channel, aggregate: 'request' });
    const line = { project, name: 'provider', priority: 'normal' } as const;
    await stage.jetStream.waitingLines.join(line, { channel, revision: last?.sequence ?? 0 });
  }

  it('has a request go on that waited in a line', async () => {
    await isPutOff();
    await joinsLine();
    await stage.loseStream('WAITING');
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(true);
  });

  it('has a request go on that paused before its first attempt', async () => {
    await isPutOff();
    await stage.loseStream('TIMERS');
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(true);
  });

  it('leaves one alone that waits in a line again', async () => {
    await isPutOff();
    await stage.loseStream('WAITING');
    await joinsLine();
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(false);
  });

  it('leaves one alone while no line was lost', async () => {
    await isPutOff();
    await joinsLine();
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(false);
  });

  it('leaves one to the runner that has it in its hands', async () => {
    await stage.happened(channel, accepted());
    await stage.loseStream('WAITING');
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(false);
  });

  it('leaves one alone that has its answer', async () => {
    await stage.happened(channel, accepted(), generated());
    await stage.settleAll('EVENTS', aiRunnerConsumer.name);
    await stage.loseStream('WAITING');
    await stage.aReconciler().run();
    expect(await goesOn()).toBe(false);
  });
});
