export * from './event-log.contract.js';
export * from './event.fixtures.js';
export * from './in-memory-event-log.js';
export * from './in-memory-timers.js';
export * from './in-memory-listener-tunnel.js';
export * from './in-memory-answer-pieces.js';
export * from './in-memory-request-failures.js';
