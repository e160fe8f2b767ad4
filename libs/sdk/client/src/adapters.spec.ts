import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createModelRiverService, ModelRiverService } from './angular.js';
import { ObservedClient, stateOfNone } from './observed-client.js';
import { createModelRiver } from './svelte.js';
import { aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';
import type { Peer } from './testing/channel-server.js';

let harness: ClientHarness;
const leaving: (() => void)[] = [];
beforeEach(async () => {
  harness = await ClientHarness.start();
});
afterEach(async () => {
  for (const leave of leaving.splice(0)) leave();
  await harness.stop();
});

const options = () => ({ baseUrl: harness.server.url, storage: harness.storage });
const request = { ...aRequest };

/** Tells an answer to the end. */
function answer(peer: Peer): Promise<unknown> {
  peer.push('tokens', { data: 'Once ', index: 0 }).push('tokens', { data: 'upon', index: 1 });
  peer.push('response', aSuccess);
  return peer.closed;
}

describe('an observed client', () => {
  it('has the same state until something changes, and tells each change', async () => {
    const observed = new ObservedClient(options());
    leaving.push(observed.disconnect);
    const states = [observed.getState()];
    expect(observed.getState()).toBe(states[0]);
    const end = observed.subscribe(() => states.push(observed.getState()));
    observed.connect(request);
    await answer(await harness.joined());
    expect([...new Set(states.map(({ connectionState }) => connectionState))]).toEqual([
      'disconnected',
      'connecting',
      'connected',
    ]);
    expect(states.at(-1)).toMatchObject({ response: aSuccess, text: 'Once upon', connectionState: 'disconnected' });
    observed.reset();
    expect(states.at(-1)).toMatchObject({ response: null, steps: [] });
    end();
    const told = states.length;
    observed.connect(request);
    expect(states).toHaveLength(told);
  });

  it('leaves an open request to the next one', async () => {
    const observed = new ObservedClient(options());
    observed.connect(request);
    const peer = await harness.joined();
    observed.pause();
    await peer.closed;
    const next = new ObservedClient(options());
    leaving.push(next.disconnect);
    next.resume();
    await answer(await harness.joined());
    expect(next.getState()).toMatchObject({ response: aSuccess, hasPendingRequest: false });
  });

  it('only keeps what a component asked for that is gone when it gets its answer', async () => {
    const observed = new ObservedClient(options());
    leaving.push(observed.disconnect);
    observed.connect(request);
    await answer(await harness.joined());
    observed.leave();
    const another = { ...request, channelId: 'another' };
    observed.connect(another);
    expect(observed.getState()).toMatchObject({ connectionState: 'disconnected', hasPendingRequest: true });
    observed.resume();
    const peer = await harness.joined();
    expect(harness.server.upgrades).toBe(2);
    const result = { ...aSuccess, channel_id: 'another' };
    peer.push('response', result);
    await peer.closed;
    expect(observed.getState().response).toEqual(result);
  });

  it('does not begin anew what is followed already', async () => {
    const observed = new ObservedClient(options());
    leaving.push(observed.disconnect);
    observed.connect(request);
    const peer = await harness.joined();
    observed.resume();
    await answer(peer);
    expect(observed.getState().response).toEqual(aSuccess);
    expect(harness.server.upgrades).toBe(1);
  });

  it('looks at nothing that was kept before it is on a page', () => {
    const looked: string[] = [];
    const storage = { ...options().storage, getItem: (key: string) => (looked.push(key), null) };
    const observed = new ObservedClient({ ...options(), storage });
    observed.pause();
    observed.leave();
    expect(observed.getState()).toBe(stateOfNone);
    expect(looked).toEqual([]);
    observed.resume();
    expect(looked).toEqual(['modelriver_active_request']);
  });
});

describe('Svelte stores', () => {
  it('tell their value at once and then each change of it, once', async () => {
    const stores = createModelRiver(options());
    leaving.push(stores.disconnect);
    const texts: string[] = [];
    const statuses: (string | undefined)[] = [];
    const ends = [
      stores.text.subscribe((text) => texts.push(text)),
      stores.response.subscribe((response) => statuses.push(response?.status)),
    ];
    stores.connect(request);
    await answer(await harness.joined());
    expect(texts).toEqual(['', 'Once ', 'Once upon']);
    expect(statuses).toEqual([undefined, 'success']);
    for (const end of ends) end();
    stores.reset();
    expect(statuses).toHaveLength(2);
  });

  it('begin nothing on a server, whose Svelte this is', async () => {
    const observed = new ObservedClient(options());
    observed.connect(request);
    const peer = await harness.joined();
    observed.pause();
    await peer.closed;
    const stores = createModelRiver(options());
    const pending: boolean[] = [];
    stores.hasPendingRequest.subscribe((is) => pending.push(is));
    expect(pending).toEqual([false]);
    expect(harness.server.upgrades).toBe(1);
  });
});

describe('the Angular service', () => {
  it('tells each field as it changes, and its state at any time', async () => {
    const service = createModelRiverService(options());
    leaving.push(() => service.destroy());
    const steps: string[] = [];
    const states: string[] = [];
    service.steps$.subscribe((all) => steps.push(all.map(({ status }) => status[0]).join('')));
    service.connectionState$.subscribe((state) => states.push(state));
    service.connect(request);
    expect([service.isConnecting, service.isConnected]).toEqual([true, false]);
    await answer(await harness.joined());
    expect(states).toEqual(['disconnected', 'connecting', 'connected', 'disconnected']);
    expect([steps[0], steps.at(-1)]).toEqual(['', 'ssss']);
    expect(service.state).toMatchObject({ response: aSuccess, isCompleted: true });
  });

  it('ends its observables when it is destroyed, and leaves the request to the next one', async () => {
    const service = createModelRiverService(options());
    let ended = false;
    service.response$.subscribe({ complete: () => (ended = true) });
    service.connect(request);
    const peer = await harness.joined();
    service.ngOnDestroy();
    await peer.closed;
    expect(ended).toBe(true);
    const next = createModelRiverService(options());
    leaving.push(() => next.destroy());
    await answer(await harness.joined());
    expect(next.state.response).toEqual(aSuccess);
  });

  it('says that it was not initialised', () => {
    expect(() => new ModelRiverService().connect(request)).toThrow('Call init()');
  });
});
