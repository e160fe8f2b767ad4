export * from './realtime-hub.config.js';
export * from './realtime-hub.js';
export * from './realtime-hub.module.js';
export * from './realtime-hub.service-definition.js';
