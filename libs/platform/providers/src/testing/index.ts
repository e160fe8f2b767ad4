export * from './openai-responses.fixtures.js';
export * from './openai-stream.fixtures.js';
export * from './openai-wire.fixtures.js';
