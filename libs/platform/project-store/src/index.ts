export * from './access.reader.js';
export * from './project-configuration.js';
export * from './project-store.errors.js';
export * from './project-store.schema.js';
export * from './project-store.settings.js';
export * from './postgres-project.store.js';
export * from './price-store.js';
export * from './administration/api-key.administration.js';
export * from './administration/configuration-changes.js';
export { type Page, type PagePosition, type PageRequest } from './administration/page.js';
export * from './administration/project.administration.js';
export * from './administration/provider-credential.administration.js';
export * from './administration/structured-output.administration.js';
export * from './administration/webhook-endpoint.administration.js';
export {
  type WebhookEndpointDefinition,
  type WebhookEndpointRecord,
} from './administration/webhook-endpoint.record.js';
export * from './administration/workflow.administration.js';
export { type ApiKeyEntity } from './entities/api-key.entity.js';
export { type ProjectEntity } from './entities/project.entity.js';
export { type ProviderCredentialEntity } from './entities/provider-credential.entity.js';
export { type StructuredOutputEntity } from './entities/structured-output.entity.js';
export { type WorkflowEntity } from './entities/workflow.entity.js';
export { type WorkflowVersion, type VersionPage, keptVersions } from './administration/workflow-history.js';
export { workflowDefaults, type WorkflowDefinition } from './workflow-definition.js';
