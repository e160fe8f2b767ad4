export { allMetrics, metrics } from './catalogue.js';
export { countEndpointAttempt } from './endpoint-series.js';
export { type Histogram, type Instrument } from './instruments.js';
export * from './metrics.settings.js';
export * from './render-metrics.js';
export * from './start-metrics.js';
