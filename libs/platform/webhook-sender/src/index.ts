export * from './endpoint-headers.js';
export * from './response-excerpt.js';
export * from './send-webhook.js';
export type { Try, WebhookAnswer } from './webhook-answer.js';
