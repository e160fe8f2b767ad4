export * from './headrace.settings.js';
export * from './load-settings.js';
export * from './setting.decorator.js';
