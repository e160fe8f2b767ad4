import { HeadraceSettings } from '@headrace/config';
import {
  ACCESS_CHECKS,
  ANSWER_PIECES,
  CHANNEL_FEED,
  CONFIGURATION_NOTICES,
  EVENT_LOG,
  SHARED_RECORDS,
  VIEWERS,
  type EventLog,
  type SharedRecords,
} from '@headrace/event-log';
import {
  InMemoryAccessChecks,
  InMemoryAnswerPieces,
  InMemorySharedRecords,
  InMemoryViewers,
} from '@headrace/event-log/testing';
import { RealtimeSettings, SharesInUse } from '@headrace/http';
import { startHttp, type HttpHarness, type HttpParts } from '@headrace/http/testing';
import { AddressPolicy, OutboundHttpSettings } from '@headrace/outbound-http';
import { ProjectStore } from '@headrace/project-store';
import { NoticesInMemory } from '@headrace/project-store/testing';
import { ReadModel } from '@headrace/read-model';
import { ChannelTokens } from '@headrace/secrets';
import { BudgetSettings } from '../budgets/budgets.config.js';
import { FollowSettings } from '../follow/follow.settings.js';
import { GatewaySettings } from '../gateway.config.js';
import { IdempotencySettings } from '../idempotency/idempotency.config.js';
import { RequestModule } from '../request.module.js';
import { SyncSettings } from '../sync/sync.settings.js';

/** Verifies the tokens that the gateway under test makes. */
export const tokens = new ChannelTokens('a master key of at least 32 characters');

/** Hosts of the test's world: `hooks.example.com` is public, `inside.example.com` is not, others do not exist. */
const hosts: Readonly<Record<string, string>> = {
  'hooks.example.com': '93.184.215.14',
  'inside.example.com': '10.0.0.7',
};

const resolveHost = (host: string) => {
  const address = hosts[host];
  return address === undefined
    ? Promise.reject(new Error('ENOTFOUND'))
    : Promise.resolve([{ address, family: 4 as const }]);
};

const emptyReadModel: Partial<ReadModel> = { timeline: () => Promise.resolve([]) };

/** Tells nothing. */
const silentFeed = {
  subscribe: () => ({ close: () => undefined }),
  onReconnect: () => ({ close: () => undefined }),
};

/** Starts the gateway's request API on a log and projects of the test's own. */
export function startGateway(
  log: EventLog,
  projects: ProjectStore,
  readModel: Partial<ReadModel> = emptyReadModel,
  records: SharedRecords = new InMemorySharedRecords(),
  { modules = [], providers = [] }: Pick<HttpParts, 'modules' | 'providers'> = {},
): Promise<HttpHarness> {
  const settings = Object.assign(new HeadraceSettings(), { publicUrl: 'https://ai.example.com/' });
  return startHttp({
    modules: [RequestModule, ...modules],
    providers: [
      { provide: EVENT_LOG, useValue: log },
      { provide: CHANNEL_FEED, useValue: silentFeed },
      { provide: ANSWER_PIECES, useValue: new InMemoryAnswerPieces() },
      { provide: ACCESS_CHECKS, useValue: new InMemoryAccessChecks() },
      { provide: VIEWERS, useValue: new InMemoryViewers() },
      { provide: CONFIGURATION_NOTICES, useValue: new NoticesInMemory() },
      { provide: SHARED_RECORDS, useValue: records },
      { provide: IdempotencySettings, useValue: new IdempotencySettings() },
      { provide: BudgetSettings, useValue: new BudgetSettings() },
      { provide: ProjectStore, useValue: projects },
      { provide: ReadModel, useValue: readModel },
      { provide: HeadraceSettings, useValue: settings },
      { provide: GatewaySettings, useValue: new GatewaySettings() },
      { provide: FollowSettings, useValue: new FollowSettings() },
      { provide: RealtimeSettings, useValue: new RealtimeSettings() },
      SharesInUse,
      { provide: SyncSettings, useValue: new SyncSettings() },
      { provide: ChannelTokens, useValue: tokens },
      { provide: AddressPolicy, useValue: new AddressPolicy(new OutboundHttpSettings(), resolveHost) },
      ...providers,
    ],
  });
}
