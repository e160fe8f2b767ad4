import { afterAll, beforeAll, describe } from '@jest/globals';
import { endpointHealthFlows } from './flows/endpoint-health.flows.js';
import { testsOn } from './support/stage.js';
import { startSystem, type System } from './support/system.js';
import { timeScale } from './support/workflows.js';

const startLimitMs = 90_000;
/** About two seconds of scaled time. */
const environment = { HEADRACE_WEBHOOK_DISABLE_AFTER_HOURS: '3' };

describe('a system that switches endpoints off after two seconds', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ mode: 'one', timeScale, environment });
  }, startLimitMs);
  afterAll(() => system?.stop(), startLimitMs);

  endpointHealthFlows(testsOn(() => system));
});
