import { Module } from '@nestjs/common';
import { ProviderCatalogueModule } from '../provider-catalogue.module.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProviderCredentialsController } from './provider-credentials/provider-credentials.controller.js';
import { StructuredOutputsController } from './structured-outputs/structured-outputs.controller.js';
import { WebhookTestController } from './webhooks/test/webhook-test.controller.js';
import { WebhookTester } from './webhooks/test/webhook-tester.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WorkflowVersionsController } from './workflows/workflow-versions.controller.js';
import { WorkflowsController } from './workflows/workflows.controller.js';

/** Changing what projects are made of. */
@Module({
  imports: [ProviderCatalogueModule],
  controllers: [
    WorkflowsController,
    WorkflowVersionsController,
    StructuredOutputsController,
    WebhooksController,
    WebhookTestController,
    ProviderCredentialsController,
    ApiKeysController,
    ProjectsController,
  ],
  providers: [WebhookTester],
})
export class ConfigurationModule {}
