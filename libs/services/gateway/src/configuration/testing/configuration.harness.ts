import { HeadraceSettings } from '@headrace/config';
import { SHARED_RECORDS } from '@headrace/event-log';
import { InMemorySharedRecords } from '@headrace/event-log/testing';
import { startHttp, type Answer, type HttpHarness } from '@headrace/http/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import {
  ApiKeyAdministration,
  PriceStore,
  ProjectAdministration,
  ProjectStore,
  ProviderCredentialAdministration,
  StructuredOutputAdministration,
  WebhookEndpointAdministration,
  WorkflowAdministration,
} from '@headrace/project-store';
import { startProjectStore, type ProjectStoreProcess } from '@headrace/project-store/testing';
import { ReadModel, type Spent } from '@headrace/read-model';
import { ProjectTokens, SecretBox } from '@headrace/secrets';
import type { Type } from '@nestjs/common';
import { IdempotencySettings } from '../../idempotency/idempotency.config.js';
import { IdempotencyModule } from '../../idempotency/idempotency.module.js';
import { AdministrationSettings } from '../administration.config.js';
import { ConfigurationModule } from '../configuration.module.js';
import { WebhookTestSettings } from '../webhooks/test/webhook-test.settings.js';

/** The token of the operator's administrator. */
export const adminToken = 'the-token-of-the-administrator';

/** Verifies the tokens of projects that the API under test makes. */
export const projectTokens = new ProjectTokens('a master key of at least 32 characters');

/** Sends a request with a key: the project's own unless another is given. */
export type Ask = (method: string, path: string, body?: unknown, key?: string) => Promise<Answer>;

/** The configuration API on an empty database. */
export interface ConfigurationApi {
  readonly process: ProjectStoreProcess;
  readonly secretBox: SecretBox;
  /** What every project has spent: the read model's. */
  readonly spent: Spent[];
  /** What all processes would share. */
  readonly records: InMemorySharedRecords;
  /** Sends a request without a key. */
  ask: HttpHarness['ask'];
  /** A new project and a way to ask with its key. */
  aProject(): Promise<{ projectId: string; apiKey: string; ask: Ask }>;
  close(): Promise<void>;
}

/** `hooks.example.com` is public, `inside.example.com` is not, other names do not exist. */
const resolveHost = (host: string) => {
  const address = { 'hooks.example.com': '93.184.215.14', 'inside.example.com': '10.0.0.7' }[host];
  return address ? Promise.resolve([{ address, family: 4 as const }]) : Promise.reject(new Error('ENOTFOUND'));
};

/** Call `close` in `afterAll`. */
export async function startConfigurationApi(
  settings: Partial<AdministrationSettings> = { adminToken },
  modules: readonly Type[] = [],
): Promise<ConfigurationApi> {
  const stores = await startProjectStore();
  const process = await stores.process();
  // Receivers of the tests are on loopback; that none may be saved there is another policy's.
  const outboundSettings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
  const outbound = new OutboundHttp(new AddressPolicy(outboundSettings, resolveHost), outboundSettings);
  const headrace = Object.assign(new HeadraceSettings(), { publicUrl: 'https://ai.example.com' });
  const testSettings = Object.assign(new WebhookTestSettings(), { timeoutMs: 3_000 });
  const records = new InMemorySharedRecords();
  const spent: Spent[] = [];
  const http = await startHttp({
    modules: [ConfigurationModule, IdempotencyModule, ...modules],
    providers: [
      { provide: SHARED_RECORDS, useValue: records },
      { provide: SecretBox, useValue: stores.secretBox },
      { provide: ProjectTokens, useValue: projectTokens },
      { provide: IdempotencySettings, useValue: new IdempotencySettings() },
      { provide: ProjectStore, useValue: process.store },
      { provide: ProjectAdministration, useValue: process.projects },
      { provide: ReadModel, useValue: { spentSince: () => Promise.resolve([...spent]) } },
      { provide: PriceStore, useValue: process.prices },
      { provide: ApiKeyAdministration, useValue: process.keys },
      { provide: WorkflowAdministration, useValue: process.workflows },
      { provide: StructuredOutputAdministration, useValue: process.outputs },
      { provide: WebhookEndpointAdministration, useValue: process.endpoints },
      { provide: ProviderCredentialAdministration, useValue: process.credentials },
      { provide: AddressPolicy, useValue: new AddressPolicy(new OutboundHttpSettings(), resolveHost) },
      { provide: OutboundHttp, useValue: outbound },
      { provide: HeadraceSettings, useValue: headrace },
      { provide: WebhookTestSettings, useValue: testSettings },
      { provide: AdministrationSettings, useValue: Object.assign(new AdministrationSettings(), settings) },
    ],
  });
  return {
    process,
    secretBox: stores.secretBox,
    spent,
    records,
    ask: (...request) => http.ask(...request),
    aProject: async () => {
      const { id: projectId } = await process.projects.create({ name: 'Shop' });
      const { value: apiKey } = await process.keys.create(projectId, { name: 'main', expiresInDays: null });
      const ask: Ask = (method, path, body, key = apiKey) =>
        http.ask(method, path, { body, headers: { authorization: `Bearer ${key}` } });
      return { projectId, apiKey, ask };
    },
    close: async () => {
      await http.close();
      await outbound.close();
      await stores.close();
    },
  };
}
