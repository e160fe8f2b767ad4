export * from './api-key.js';
export * from './channel-token.js';
export * from './json-fingerprint.js';
export * from './mask-secret.js';
export * from './master-key.js';
export * from './same-secret.js';
export * from './secret-box.js';
export * from './webhook-secret.js';
