/**
 * The tests that need a real Chromium: `*.chromium-spec.ts`. A configuration of their own, because `npm test` runs on
 * machines without one. `CHROMIUM_BIN` is the browser to start; default: `chromium`.
 */
import base from '../../jest.config.mjs';

const e2e = base.projects.find(({ displayName }) => displayName === 'e2e');

export default {
  ...e2e,
  rootDir: '../..',
  displayName: 'chromium',
  testMatch: ['<rootDir>/**/*.chromium-spec.ts'],
  maxWorkers: 2,
  testTimeout: 60_000,
};
