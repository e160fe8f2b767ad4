export * from './anthropic-wire.fixtures.js';
export * from './cohere-wire.fixtures.js';
export * from './google-wire.fixtures.js';
export { responsesWire } from './openai-responses.fixtures.js';
export * from './openai-stream.fixtures.js';
export * from './openai-wire.fixtures.js';
export { dataEvent, jsonAnswer, streamAnswer, typedEvent, type ProviderWire } from './provider-wire.js';
