export * from './timeline-projector.module.js';
export * from './timeline-projector.service-definition.js';
