export * from './pick-services.js';
export * from './platform-settings.js';
export * from './run-services.js';
export * from './service-definition.js';
export * from './start-services.js';
export * from './startup-error.js';
