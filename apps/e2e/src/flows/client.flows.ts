import { afterAll, beforeAll, describe } from '@jest/globals';
import { testsOn } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import { createWorkflows, timeScale } from '../support/workflows.js';
import { aiLibraryFlows } from './ai-libraries.flows.js';
import { nodeSdkConfigurationFlows } from './node-sdk-configuration.flows.js';
import { nodeSdkFollowFlows } from './node-sdk-follow.flows.js';
import { nodeSdkFlows } from './node-sdk.flows.js';
import { openAiSdkFlows } from './openai-sdk.flows.js';
import { syncCrashFlows } from './sync-crash.flows.js';
import { syncFlows } from './sync.flows.js';

const startLimitMs = 90_000;

/** What callers that wait for their answers may rely on, on a system of its own. */
export function describeClientFlows(mode: Mode): void {
  describe(`answers on the connection, in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);

    const test = testsOn(() => system);
    syncFlows(test);
    openAiSdkFlows(test);
    aiLibraryFlows(test);
    nodeSdkFlows(test);
    nodeSdkFollowFlows(test, mode);
    if (mode === 'one') nodeSdkConfigurationFlows(test);
    if (mode === 'six') syncCrashFlows(test);
  });
}
