export * from './demo/demo.settings.js';
export * from './gateway.config.js';
export * from './gateway.module.js';
export * from './gateway.service-definition.js';
export * from './sync/sync.settings.js';
