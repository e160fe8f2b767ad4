export * from './reconciler.module.js';
export * from './reconciler.service-definition.js';
