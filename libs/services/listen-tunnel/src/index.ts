export * from './listen-tunnel.config.js';
export * from './listen-tunnel.module.js';
export * from './listen-tunnel.service-definition.js';
