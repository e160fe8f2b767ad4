import type { SchemaPart } from '@headrace/postgres';
import { ApiKeyEntity } from './entities/api-key.entity.js';
import { PriceTableEntity } from './entities/price-table.entity.js';
import { ProjectEntity } from './entities/project.entity.js';
import { ProviderCredentialEntity } from './entities/provider-credential.entity.js';
import { StructuredOutputEntity } from './entities/structured-output.entity.js';
import { WebhookEndpointEntity } from './entities/webhook-endpoint.entity.js';
import { WebhookSecretEntity } from './entities/webhook-secret.entity.js';
import { WorkflowVersionEntity } from './entities/workflow-version.entity.js';
import { WorkflowEntity } from './entities/workflow.entity.js';
import { CreateProjectStore1780000000000 } from './migrations/1780000000000-create-project-store.migration.js';
import { AddEndpointPolicies1780000003000 } from './migrations/1780000003000-add-endpoint-policies.migration.js';
import { AddWorkflowPolicies1780000010000 } from './migrations/1780000010000-add-workflow-policies.migration.js';
import { AddWorkflowRounds1780000013000 } from './migrations/1780000013000-add-workflow-rounds.migration.js';
import { AddProjectLimits1780000014000 } from './migrations/1780000014000-add-project-limits.migration.js';
import { AddPriceTables1780000015000 } from './migrations/1780000015000-add-price-tables.migration.js';

/** The tables of the projects' configuration. */
export const projectStoreSchema: SchemaPart = {
  entities: [
    ProjectEntity,
    ApiKeyEntity,
    StructuredOutputEntity,
    WorkflowEntity,
    WorkflowVersionEntity,
    WebhookEndpointEntity,
    WebhookSecretEntity,
    ProviderCredentialEntity,
    PriceTableEntity,
  ],
  migrations: [
    CreateProjectStore1780000000000,
    AddEndpointPolicies1780000003000,
    AddWorkflowPolicies1780000010000,
    AddWorkflowRounds1780000013000,
    AddProjectLimits1780000014000,
    AddPriceTables1780000015000,
  ],
};
