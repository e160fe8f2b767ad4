import type { Provider } from '@nestjs/common';
import { HeadraceSettings, type LoadedSettings } from '@headrace/config';
import { HEALTH_INDICATORS, type HealthIndicator } from '@headrace/http';
import {
  createJetStream,
  jetStreamProviders,
  JetStreamSettings,
  wantedTopology,
  type JetStream,
} from '@headrace/jetstream';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import type { Logger } from 'pino';
import { ChannelTokens, LongPollTokens, MasterKey, ProjectTokens, SecretBox } from '@headrace/secrets';
import { openStores } from './open-stores.js';
import type { ServiceDefinition } from './service-definition.js';
import { StartupError } from './startup-error.js';

/** What a process has opened, as providers, and how to close it. */
export interface OpenPlatform {
  readonly providers: readonly Provider[];
  close(): Promise<void>;
}

/** Opens everything that a process with these services needs. */
export async function openPlatform(
  services: readonly ServiceDefinition[],
  settings: LoadedSettings,
  name: string,
  logger: Logger,
): Promise<OpenPlatform> {
  const headrace = settings.get(HeadraceSettings);
  const masterKey = MasterKey.fromText(headrace.masterKey);
  const secretBox = new SecretBox(masterKey);
  if (headrace.natsUrl === undefined) {
    throw new StartupError('NATS_URL is not set. Set it to the address of NATS, for example nats://localhost:4222.');
  }
  const natsSettings = settings.get(JetStreamSettings);
  const topology = wantedTopology(natsSettings.replicas, undefined, headrace.deadLetterMs);
  const options = { url: headrace.natsUrl, name, settings: natsSettings, topology };
  const jetStream = await createJetStream(options, logger);
  try {
    const needsPostgres = services.some((service) => service.needsPostgres);
    const stores = needsPostgres ? await openStores(settings, secretBox, jetStream.notices) : undefined;
    const outboundSettings = settings.get(OutboundHttpSettings);
    const addressPolicy = new AddressPolicy(outboundSettings);
    const outboundHttp = new OutboundHttp(addressPolicy, outboundSettings);
    return {
      providers: [
        ...jetStreamProviders(jetStream),
        { provide: SecretBox, useValue: secretBox },
        { provide: ChannelTokens, useValue: new ChannelTokens(masterKey) },
        { provide: ProjectTokens, useValue: new ProjectTokens(masterKey) },
        { provide: LongPollTokens, useValue: new LongPollTokens(masterKey) },
        { provide: AddressPolicy, useValue: addressPolicy },
        { provide: OutboundHttp, useValue: outboundHttp },
        { provide: HEALTH_INDICATORS, useValue: [natsHealth(jetStream)] },
        ...(stores?.providers ?? []),
      ],
      close: async () => {
        await outboundHttp.close();
        await stores?.close();
        await jetStream.close();
      },
    };
  } catch (error) {
    await jetStream.close();
    throw error;
  }
}

/**
 * NATS decides alone whether requests are served: without it none can be made durable. Postgres does not count,
 * because what is known of a project stays in use while it is away.
 */
function natsHealth(jetStream: JetStream): HealthIndicator {
  const problem = 'NATS is not connected, or its streams are missing.';
  return { name: 'nats', check: () => Promise.resolve(jetStream.isHealthy() ? undefined : problem) };
}
