export * from './dead-letter-keeper.module.js';
export * from './dead-letter-keeper.service-definition.js';
