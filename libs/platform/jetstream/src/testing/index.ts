export * from './handlers.js';
export * from './open-jetstream.js';
export * from './queue.js';
export * from './recording-logger.js';
