/**
 * One Jest run with a project per test tier; the tier is in the file's name.
 * unit: `*.spec.ts`, int: `*.int-spec.ts` (real NATS and Postgres), e2e: `*.e2e-spec.ts` (the running system).
 */
const shared = {
  testEnvironment: 'node',
  // Never add 'import' here: it pulls in ESM builds that break tslib and typeorm's driver loading.
  testEnvironmentOptions: { customExportConditions: ['@headrace/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.headrace'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  setupFiles: ['reflect-metadata'],
};

const tier = (displayName, pattern, more = {}) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/**/*.${pattern}.ts`],
  ...more,
});

const servers = {
  globalSetup: '<rootDir>/tools/dev/jest-servers.mjs',
  globalTeardown: '<rootDir>/tools/dev/jest-servers-stop.mjs',
};

export default {
  maxWorkers: 2,
  // On a busy machine a worker that nothing holds may take longer than the usual half second to be gone; Jest then
  // complains of leaks. What really is left behind, a server or a timer, is there after ten seconds as well.
  workerGracefulExitTimeout: 10_000,
  testTimeout: 30_000,
  projects: [tier('unit', 'spec'), tier('int', 'int-spec', servers), tier('e2e', 'e2e-spec', servers)],
};
