export * from './delivery.fixtures.js';
export * from './given-when-then.js';
export * from './request-command.fixtures.js';
export * from './request.fixtures.js';
