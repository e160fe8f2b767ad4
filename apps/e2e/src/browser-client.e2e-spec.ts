import { afterAll, beforeAll, describe } from '@jest/globals';
import { browserClientFlows } from './flows/browser-client.flows.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { createWorkflows, timeScale } from './support/workflows.js';

const startLimitMs = 90_000;

describe('the browser client, on the system in one process', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale });
    await createWorkflows(system.api);
  }, startLimitMs);
  afterAll(() => system?.stop(), startLimitMs);

  browserClientFlows(testsOn(() => system));
});
