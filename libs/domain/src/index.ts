export * from './decider.js';
export * from './request/request.commands.js';
export * from './request/request.decider.js';
export * from './request/request.state.js';
export * from './timeline/delivery-row.js';
export * from './timeline/request-row.js';
export * from './timeline/timeline-entry.js';
export { type TimelineEvent } from './timeline/timeline-event.js';
export * from './timeline/timeline.js';
