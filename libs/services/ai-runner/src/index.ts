export * from './ai-runner.config.js';
export * from './ai-runner.module.js';
export * from './ai-runner.service-definition.js';
