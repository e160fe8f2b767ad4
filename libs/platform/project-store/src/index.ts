export * from './project-configuration.js';
