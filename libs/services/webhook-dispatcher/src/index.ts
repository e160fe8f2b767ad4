export * from './webhook-dispatcher.config.js';
export * from './webhook-dispatcher.module.js';
export * from './webhook-dispatcher.service-definition.js';
