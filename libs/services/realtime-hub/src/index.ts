export * from './phoenix/broadcast.js';
export * from './phoenix/channel-handler.port.js';
export * from './phoenix/phoenix-options.js';
export * from './phoenix/phoenix-server.js';
export * from './phoenix/subscription.js';
