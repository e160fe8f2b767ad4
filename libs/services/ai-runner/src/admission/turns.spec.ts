import { describe, expect, it, jest } from '@jest/globals';
import { anAcceptedRequest } from '@headrace/domain/testing';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { Turns } from './turns.js';

const address = { project: 'a', channel: '3f9f6b8e-0000-4000-8000-000000000001', aggregate: 'request' };

/** Somebody who was taken out of a line for the `count`th time. */
const taken = (revision: number, count: number) => ({
  ...{ channel: address.channel, revision, count },
  done: jest.fn(),
  giveBack: jest.fn(),
});

describe('a request that was taken out of a line', () => {
  it('goes back to it while the log does not show it: a replica may be behind', async () => {
    const log = new InMemoryEventLog();
    const turns = new Turns(log);
    const first = taken(1, 1);
    expect(await turns.claimantOf(address.project, first)).toBeUndefined();
    expect([first.giveBack.mock.calls.length, first.done.mock.calls.length]).toEqual([1, 0]);
    const revision = await log.append(address, { type: 'request.accepted', data: anAcceptedRequest() });
    expect(await turns.claimantOf(address.project, taken(revision, 2))).toMatchObject({ project: 'a' });
  });

  it('is done when the log does not show it however often one looks: it was erased', async () => {
    const last = taken(1, 3);
    expect(await new Turns(new InMemoryEventLog()).claimantOf(address.project, last)).toBeUndefined();
    expect([last.giveBack.mock.calls.length, last.done.mock.calls.length]).toEqual([0, 1]);
  });
});
