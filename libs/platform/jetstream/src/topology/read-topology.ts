import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { consumerKey, type ActualTopology } from './plan-topology.js';
import type { WantedTopology } from './wanted-topology.js';

/** Reads what the server has of a wanted topology; other streams and consumers are none of our business. */
export async function readTopology(manager: JetStreamManager, wanted: WantedTopology): Promise<ActualTopology> {
  const streams = await Promise.all(
    wanted.streams.map(async ({ name }) => [name, await ifPresent(manager.streams.info(name))] as const),
  );
  const consumers = await Promise.all(
    wanted.consumers.map(async ({ stream, config: { durable_name } }) => {
      const info = await ifPresent(manager.consumers.info(stream, durable_name));
      return [consumerKey(stream, durable_name), info] as const;
    }),
  );
  return {
    streams: new Map(streams.flatMap(([name, info]) => (info ? [[name, info.config]] : []))),
    consumers: new Map(consumers.flatMap(([name, info]) => (info ? [[name, info.config]] : []))),
  };
}

const missing: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];

async function ifPresent<Info>(reading: Promise<Info>): Promise<Info | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof JetStreamApiError && missing.includes(error.code)) return undefined;
    throw error;
  }
}
