/**
 * The tests that need a Docker engine: `*.docker-spec.ts`. A configuration of their own, because `npm test` runs on
 * machines without one.
 */
import base from '../../jest.config.mjs';

const [unit] = base.projects;

export default {
  ...unit,
  rootDir: '../..',
  displayName: 'docker',
  testMatch: ['<rootDir>/**/*.docker-spec.ts'],
  testTimeout: 30_000,
};
