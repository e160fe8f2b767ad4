export * from './timeout-watcher.module.js';
export * from './timeout-watcher.service-definition.js';
