import { afterAll, beforeAll, describe } from '@jest/globals';
import { requestLifeFlows } from './flows/request-life.flows.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';

const startLimitMs = 90_000;

describe('the life of a request, its limits and its cost', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      mode: 'one',
      timeScale: 5_000,
      environment: { HEADRACE_BUDGET_REFRESH_MS: '50', HEADRACE_OFFLINE_FAULTS: 'true' },
    });
  }, startLimitMs);
  afterAll(() => system?.stop(), startLimitMs);

  requestLifeFlows(testsOn(() => system));
});
