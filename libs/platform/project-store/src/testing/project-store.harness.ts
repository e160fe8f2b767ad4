import { createDataSource, openDatabase, PostgresSettings } from '@headrace/postgres';
import { MasterKey, SecretBox } from '@headrace/secrets';
import { startPostgresDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { ApiKeyAdministration } from '../administration/api-key.administration.js';
import { ConfigurationChanges } from '../administration/configuration-changes.js';
import { ProjectAdministration } from '../administration/project.administration.js';
import { ProviderCredentialAdministration } from '../administration/provider-credential.administration.js';
import { StructuredOutputAdministration } from '../administration/structured-output.administration.js';
import { WebhookEndpointAdministration } from '../administration/webhook-endpoint.administration.js';
import { WorkflowAdministration } from '../administration/workflow.administration.js';
import { PostgresProjectStore } from '../postgres-project.store.js';
import { PriceStore } from '../price-store.js';
import { projectStoreSchema } from '../project-store.schema.js';
import { ProjectStoreSettings } from '../project-store.settings.js';
import { NoticesInMemory } from './notices-in-memory.js';

/** One process's view of the configuration. */
export interface ProjectStoreProcess {
  readonly dataSource: DataSource;
  readonly store: PostgresProjectStore;
  readonly projects: ProjectAdministration;
  readonly keys: ApiKeyAdministration;
  readonly workflows: WorkflowAdministration;
  readonly outputs: StructuredOutputAdministration;
  readonly endpoints: WebhookEndpointAdministration;
  readonly credentials: ProviderCredentialAdministration;
  readonly prices: PriceStore;
  close(): Promise<void>;
}

/** An empty, migrated database and any number of processes on it, joined by notices. */
export interface ProjectStoreHarness {
  readonly url: string;
  readonly secretBox: SecretBox;
  /** Another process; `notices: false` makes it hear of no change. */
  process(options?: { readonly notices?: boolean; readonly ttlMs?: number }): Promise<ProjectStoreProcess>;
  close(): Promise<void>;
}

/** Call `close` in `afterAll`. */
export async function startProjectStore(): Promise<ProjectStoreHarness> {
  const database = await startPostgresDatabase();
  const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url, poolSize: 4 });
  const secretBox = new SecretBox(MasterKey.fromText('the master key of the project store tests'));
  await (await openDatabase(settings, [projectStoreSchema])).destroy();
  const notices = new NoticesInMemory();
  const processes: ProjectStoreProcess[] = [];
  return {
    url: database.url,
    secretBox,
    process: async ({ notices: hears = true, ttlMs = 30_000 } = {}) => {
      const dataSource = await createDataSource(settings, [projectStoreSchema]).initialize();
      const heard = hears ? notices : new NoticesInMemory();
      const store = new PostgresProjectStore(
        dataSource,
        secretBox,
        heard,
        Object.assign(new ProjectStoreSettings(), { configurationTtlMs: ttlMs }),
      );
      const changes = new ConfigurationChanges(store, heard);
      const prices = new PriceStore(dataSource, heard);
      const started: ProjectStoreProcess = {
        dataSource,
        store,
        projects: new ProjectAdministration(dataSource, secretBox, changes),
        keys: new ApiKeyAdministration(dataSource, changes),
        workflows: new WorkflowAdministration(dataSource, changes),
        outputs: new StructuredOutputAdministration(dataSource, changes),
        endpoints: new WebhookEndpointAdministration(dataSource, secretBox, changes),
        credentials: new ProviderCredentialAdministration(dataSource, secretBox, changes),
        prices,
        close: async () => {
          prices.onModuleDestroy();
          await store.onModuleDestroy();
          if (dataSource.isInitialized) await dataSource.destroy();
        },
      };
      processes.push(started);
      return started;
    },
    close: async () => {
      await Promise.all(processes.map((started) => started.close()));
      await database.drop();
    },
  };
}
