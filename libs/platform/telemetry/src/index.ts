export * from './metrics/index.js';
export * from './spans.js';
export * from './start-telemetry.js';
export * from './telemetry.settings.js';
export * from './trace-parent.js';
