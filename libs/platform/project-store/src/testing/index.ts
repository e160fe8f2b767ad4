export * from './configuration.fixtures.js';
export * from './notices-in-memory.js';
export * from './project-store.harness.js';
