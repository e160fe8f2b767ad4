import type { Provider } from '@nestjs/common';
import type { LoadedSettings } from '@headrace/config';
import type { ConfigurationNotices } from '@headrace/event-log';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import {
  AccessReader,
  ApiKeyAdministration,
  ConfigurationChanges,
  PostgresProjectStore,
  PriceStore,
  ProjectAdministration,
  projectStoreSchema,
  ProjectStore,
  ProjectStoreSettings,
  ProviderCredentialAdministration,
  StructuredOutputAdministration,
  WebhookEndpointAdministration,
  WorkflowAdministration,
} from '@headrace/project-store';
import { OpenWork, ReadModel, readModelSchema, ReplayStore, ReplayWork } from '@headrace/read-model';
import type { SecretBox } from '@headrace/secrets';

/** The stores of a process that uses Postgres. */
export interface OpenStores {
  readonly providers: readonly Provider[];
  close(): Promise<void>;
}

/** Connects to Postgres, brings the schema up to date and opens the stores on it. */
export async function openStores(
  settings: LoadedSettings,
  secretBox: SecretBox,
  notices: ConfigurationNotices,
): Promise<OpenStores> {
  const database = await openDatabase(settings.get(PostgresSettings), [projectStoreSchema, readModelSchema]);
  const store = new PostgresProjectStore(database, secretBox, notices, settings.get(ProjectStoreSettings));
  const prices = new PriceStore(database, notices);
  await prices.refresh();
  const changes = new ConfigurationChanges(store, notices);
  const value = (provide: abstract new (...args: never[]) => object, useValue: object): Provider => ({
    provide,
    useValue,
  });
  return {
    providers: [
      value(ProjectStore, store),
      value(AccessReader, new AccessReader(database)),
      value(PriceStore, prices),
      value(ReadModel, new ReadModel(database)),
      value(ReplayStore, new ReplayStore(database)),
      value(ReplayWork, new ReplayWork(database)),
      value(OpenWork, new OpenWork(database)),
      value(ProjectAdministration, new ProjectAdministration(database, secretBox, changes)),
      value(ApiKeyAdministration, new ApiKeyAdministration(database, changes)),
      value(WorkflowAdministration, new WorkflowAdministration(database, changes)),
      value(StructuredOutputAdministration, new StructuredOutputAdministration(database, changes)),
      value(WebhookEndpointAdministration, new WebhookEndpointAdministration(database, secretBox, changes)),
      value(ProviderCredentialAdministration, new ProviderCredentialAdministration(database, secretBox, changes)),
    ],
    close: () => database.destroy(),
  };
}
