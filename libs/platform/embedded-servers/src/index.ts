export * from './embedded-server.error.js';
export * from './embedded-server.js';
export { obtainNatsServer, type NatsBinary, type ObtainNatsOptions } from './nats/obtain-nats-server.js';
export { startEmbeddedNats, type EmbeddedNats, type EmbeddedNatsOptions } from './nats/start-nats.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/start-postgres.js';
export { stopLeftovers } from './stop-leftovers.js';
