import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startPostgresServer, type TestPostgresServer } from '@headrace/testing';
import { testsOn, type Stage, type Test } from '../support/stage.js';
import { startSystem, type System } from '../support/system.js';
import { expectSameBytesOfEach, repetitions, Volume } from '../support/volume.js';

const limitMs = 90_000;
const requests = 1_000;
const endpoints = 5;
const inFlightPerEndpoint = 64;
/**
 * What may be made again when a dispatcher, or its log, is killed: each slot has one attempt that is being made, and
 * one may have left it whose outcome is on its way into the log.
 */
const inFlight = 2 * endpoints * inFlightPerEndpoint;

/** `kill -9` in the middle of 5,000 deliveries, between real processes. */
export function describeVolume(): void {
  describe('the system in six processes, in the middle of 5,000 deliveries,', () => {
    let system: System;
    let postgres: TestPostgresServer;
    beforeAll(async () => {
      postgres = await startPostgresServer();
      system = await startSystem({
        mode: 'six',
        timeScale: 1,
        database: postgres,
        environment: {
          HEADRACE_WEBHOOK_IN_FLIGHT_PER_ENDPOINT: String(inFlightPerEndpoint),
          // A log that is slow, because the machine is, is not to be taken for one that is away: an attempt whose
          // outcome cannot be stored is made again.
          HEADRACE_NATS_TIMEOUT_MS: '30000',
        },
      });
    }, limitMs);
    afterAll(() => system?.stop(), limitMs);

    const test = testsOn(() => system);
    losesNothing(test, 'webhook-dispatcher', inFlight, async ({ system }) => {
      await system.kill('webhook-dispatcher');
      return () => system.start();
    });
    losesNothing(test, 'nats-server', inFlight, async ({ system }) => {
      await system.nats.kill();
      return () => system.nats.restart();
    });
    losesNothing(test, 'Postgres', 0, async () => {
      await postgres.kill();
      return () => postgres.restart();
    });
  });
}

type Restart = () => Promise<void>;

function losesNothing(test: Test, what: string, repeated: number, kill: (stage: Stage) => Promise<Restart>): void {
  test(`loses and changes nothing when ${what} is killed`, async (stage) => {
    const volume = await Volume.start(stage, { requests, endpoints, limitMs });
    await volume.reached(volume.deliveries * 0.3);
    const restart = await kill(stage);
    const killedAt = Date.now();
    await restart();
    const restartedAt = Date.now();
    const { messages, channels } = await volume.delivered();
    expect(channels).toHaveLength(requests);
    expectSameBytesOfEach(messages);
    expect(repetitions(messages)).toBeLessThanOrEqual(repeated);
    const last = Math.max(...messages.map(({ firstAt }) => firstAt));
    process.stderr.write(
      `${what}: restarted in ${restartedAt - killedAt} ms, the last of ${messages.length} delivered ` +
        `${last - restartedAt} ms later, ${repetitions(messages)} twice\n`,
    );
  });
}
