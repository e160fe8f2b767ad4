export * from './decider.js';
export * from './request/request.commands.js';
export * from './request/request.decider.js';
export * from './request/request.state.js';
