export * from './callback.module.js';
export * from './callback.service-definition.js';
