export * from './channel-feed.port.js';
export * from './command-handler.js';
export * from './configuration-notices.port.js';
export * from './dead-letters.port.js';
export * from './errors.js';
export * from './event-log.port.js';
export * from './handles.decorator.js';
export * from './timers.port.js';
