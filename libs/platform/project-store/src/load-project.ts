import type { Json, JsonObject } from '@headrace/contracts';
import { Logger } from '@nestjs/common';
import { SecretUnreadable, type SecretBox } from '@headrace/secrets';
import type { DataSource } from 'typeorm';
import { ProjectEntity } from './entities/project.entity.js';
import { ProviderCredentialEntity } from './entities/provider-credential.entity.js';
import { WorkflowEntity } from './entities/workflow.entity.js';
import { loadEndpoints } from './load-endpoints.js';
import type { ProjectConfiguration, ProviderCredential, Workflow } from './project-configuration.js';
import { purposes } from './sealing.js';

const log = new Logger('ProjectStore');

/**
 * A project's whole configuration, secrets decrypted, in four queries at once; undefined when there is no such
 * project. Throws `SecretUnreadable` when its signing secrets cannot be read: unsigned webhooks help nobody.
 */
export async function loadProject(
  dataSource: DataSource,
  secretBox: SecretBox,
  projectId: string,
): Promise<ProjectConfiguration | undefined> {
  const { manager } = dataSource;
  const [project, workflows, endpoints, credentials] = await Promise.all([
    manager.findOneBy(ProjectEntity, { id: projectId }),
    manager.find(WorkflowEntity, { where: { projectId }, relations: { structuredOutput: true } }),
    loadEndpoints(dataSource, secretBox, projectId),
    manager.findBy(ProviderCredentialEntity, { projectId }),
  ]);
  if (!project) return undefined;
  return {
    id: project.id,
    name: project.name,
    active: project.active,
    signingSecret: secretBox.open(purposes.projectSigningSecret(project.id), project.signingSecret),
    publicReconnect: project.publicReconnect,
    retry: project.retry,
    rateLimits: project.rateLimits,
    budgets: project.budgets ?? [],
    workflows: new Map(workflows.map((workflow) => [workflow.name, workflowOf(workflow)])),
    endpoints,
    credentials: new Map(credentials.flatMap((credential) => credentialOf(credential, secretBox))),
  };
}

function workflowOf(entity: WorkflowEntity): Workflow {
  const output = entity.structuredOutput;
  return {
    id: entity.id,
    version: entity.version,
    name: entity.name,
    description: entity.description,
    provider: entity.provider,
    model: entity.model,
    fallbacks: entity.fallbacks,
    timeoutMs: entity.timeoutMs,
    retry: entity.retry,
    repairAttempts: entity.repairAttempts,
    maxConcurrent: entity.maxConcurrent,
    priority: entity.priority,
    expiresAfterSeconds: entity.expiresAfterSeconds,
    cacheSeconds: entity.cacheSeconds,
    stream: entity.stream,
    maxToolRounds: entity.maxToolRounds,
    reminderSeconds: entity.reminderSeconds,
    systemInstructions: entity.systemInstructions,
    structuredOutput: output
      ? {
          id: output.id,
          name: output.name,
          schema: output.schema as JsonObject,
          sampleData: output.sampleData as Json,
        }
      : null,
    cacheFields: entity.cacheFields,
    eventName: entity.eventName,
    callbackTimeoutSeconds: entity.callbackTimeoutSeconds,
    mode: entity.mode,
    testDelayMs: entity.testDelayMs,
    offlineFallback: entity.offlineFallback,
    parameters: entity.parameters as JsonObject,
  };
}

/** One unreadable provider key must not take the whole project down: the provider then fails for want of it. */
function credentialOf(entity: ProviderCredentialEntity, secretBox: SecretBox): [string, ProviderCredential][] {
  const { id, provider, baseUrl } = entity;
  try {
    const apiKey = entity.apiKey === null ? null : secretBox.open(purposes.providerKey(id), entity.apiKey);
    return [[provider, { provider, apiKey, baseUrl }]];
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    log.error(`The key of provider ${provider} of project ${entity.projectId} is left out: ${error.message}`);
    return [];
  }
}
