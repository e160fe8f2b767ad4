export * from './create-data-source.js';
export * from './migrate.js';
export * from './open-database.js';
export * from './postgres-errors.js';
export * from './postgres.settings.js';
export * from './schema-part.js';
