import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HubHarness, joinOk } from './testing/hub-harness.js';
import type { RawClient } from './testing/raw-client.js';
import { aCompletedRequest, aGeneratedRequest, anAcceptedRequest } from './testing/request-events.js';

let hub: HubHarness;
beforeEach(async () => {
  hub = await HubHarness.start();
});
afterEach(() => hub.stop());

async function statusOfNext(client: RawClient): Promise<unknown> {
  const [, , , event, payload] = (await client.frame()) as [unknown, unknown, unknown, string, { status?: string }];
  return payload.status ?? event;
}

describe('a state that arrives out of order', () => {
  it('is not pushed after a newer one', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aGeneratedRequest());
    const gate = Promise.withResolvers<void>();
    hub.log.readGate = gate.promise;
    const client = await hub.join(request);
    await hub.log.append(request.address, aCompletedRequest());
    gate.resolve();
    expect(await statusOfNext(client)).toBe('completed');
    expect(await statusOfNext(client)).toBe('phx_close');
    client.send(['2', '2', request.topic, 'phx_join', {}]);
    expect(await client.frame()).toEqual(joinOk('2', request.topic));
    client.drop();
  });

  it('is not pushed twice when feed and read tell the same', async () => {
    const request = hub.aRequest();
    hub.log.connected = false;
    await hub.log.append(request.address, aGeneratedRequest());
    hub.log.connected = true;
    const gate = Promise.withResolvers<void>();
    hub.log.readGate = gate.promise;
    const client = await hub.join(request);
    hub.log.all.forEach((event) => hub.log.tell(event));
    gate.resolve();
    expect(await statusOfNext(client)).toBe('ai_generated');
    await hub.log.append(request.address, aCompletedRequest());
    expect(await statusOfNext(client)).toBe('completed');
    client.drop();
  });

  it('does not come between a join and its answer when an old token is looked up', async () => {
    const request = hub.aRequest();
    const [joined, made] = [new Date(Date.now() - 9 * 60_000), new Date(Date.now() - 10 * 60_000)];
    await hub.log.append(request.address, anAcceptedRequest());
    const fact = { type: 'realtime.joined', data: { topic: request.topic, joinedAt: joined.toISOString() } };
    await hub.log.append({ ...request.address, aggregate: 'realtime' }, fact);
    const gate = Promise.withResolvers<void>();
    hub.log.readGate = gate.promise;
    const client = await hub.connect(await hub.token(request, made));
    client.send(['1', '1', request.topic, 'phx_join', {}]);
    client.send([null, '2', 'phoenix', 'heartbeat', {}]);
    await hub.log.append(request.address, aCompletedRequest());
    gate.resolve();
    expect(await client.frame()).toEqual(joinOk('1', request.topic));
    const rest = [await statusOfNext(client), await statusOfNext(client), await statusOfNext(client)];
    expect(rest.toSorted()).toEqual(['completed', 'ok', 'phx_close']);
    expect(rest.indexOf('completed')).toBeLessThan(rest.indexOf('phx_close'));
    client.drop();
  });
});

describe('a log that cannot be read', () => {
  it('is asked again until the result is told', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    hub.log.failingReads = 2;
    const client = await hub.join(request);
    expect(await statusOfNext(client)).toBe('completed');
    expect(await statusOfNext(client)).toBe('phx_close');
    expect(hub.log.reads).toBe(3);
    client.drop();
  });

  it('does not keep back what the feed tells', async () => {
    const request = hub.aRequest();
    hub.log.failingReads = 1_000;
    const client = await hub.join(request);
    await hub.log.append(request.address, aCompletedRequest());
    expect(await statusOfNext(client)).toBe('completed');
    client.drop();
  });
});

describe('a lost connection to the log', () => {
  it('costs no state: all joined channels are read again once it is back', async () => {
    const requests = Array.from({ length: 100 }, () => hub.aRequest());
    const clients = await Promise.all(requests.map((request) => hub.join(request)));
    hub.log.connected = false;
    await Promise.all(requests.map((request) => hub.log.append(request.address, aCompletedRequest())));
    hub.log.reconnect();
    for (const client of clients) {
      expect(await statusOfNext(client)).toBe('completed');
      expect(await statusOfNext(client)).toBe('phx_close');
      client.drop();
    }
  });

  it('costs no state that is decided while the last one is still being read', async () => {
    const request = hub.aRequest();
    const gate = Promise.withResolvers<void>();
    hub.log.readGate = gate.promise;
    const client = await hub.join(request);
    hub.log.connected = false;
    await hub.log.append(request.address, aCompletedRequest());
    hub.log.reconnect();
    gate.resolve();
    expect(await statusOfNext(client)).toBe('completed');
    client.drop();
  });
});

describe('a shutdown', () => {
  it('closes every socket with 1012, so that clients come back elsewhere', async () => {
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => hub.connect(await hub.token(hub.aRequest()))),
    );
    const joined = await hub.join(hub.aRequest());
    const stopped = hub.stop();
    for (const client of [...clients, joined]) {
      expect(await client.next()).toEqual({ close: { code: 1012, reason: '' } });
    }
    await stopped;
    expect(hub.log.followers).toBe(0);
    hub = await HubHarness.start();
  });
});
