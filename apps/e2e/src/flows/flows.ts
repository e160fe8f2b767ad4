import { afterAll, beforeAll, describe } from '@jest/globals';
import { testsOn } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import { createWorkflows, timeScale } from '../support/workflows.js';
import { deliveryFlows } from './delivery.flows.js';
import { eventDrivenFlows } from './event-driven.flows.js';
import { followFlows } from './follow.flows.js';
import { generationFlows } from './generation.flows.js';
import { realtimeFlows } from './realtime.flows.js';
import { refusalFlows } from './refusal.flows.js';
import { replayFlows } from './replay.flows.js';
import { roundsFlows } from './rounds.flows.js';
import { standardFlows } from './standard.flows.js';
import { timeoutFlows } from './timeout.flows.js';
import { tokensFlows } from './tokens.flows.js';
import { workflowFlows } from './workflow.flows.js';

const startLimitMs = 90_000;

/** What a client may rely on, on a system of its own. */
export function describeFlows(mode: Mode): void {
  describe(`the system in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    const test = testsOn(() => system);
    refusalFlows(test);
    standardFlows(test);
    generationFlows(test);
    eventDrivenFlows(test);
    deliveryFlows(test);
    replayFlows(test);
    realtimeFlows(test);
    tokensFlows(test);
    followFlows(test);
    timeoutFlows(test);
    roundsFlows(test);
    workflowFlows(test);
  });
}
