export * from './http.harness.js';
export * from './projects.fixtures.js';
