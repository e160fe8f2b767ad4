export * from './openai-wire.fixtures.js';
