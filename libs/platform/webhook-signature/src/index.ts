export * from './data-json.js';
export * from './modelriver-signature.js';
export * from './signed-headers.js';
export * from './standard-webhooks.js';
