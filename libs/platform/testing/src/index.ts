export * from './phoenix-client.js';
export * from './start-nats.js';
export * from './start-postgres-database.js';
export * from './start-postgres-server.js';
export * from './test-folders.js';
export * from './toxic-proxy.js';
export * from './wait-for.js';
export * from './fake-receiver.js';
export type { ReceiverAnswer } from './receiver-answer.js';
