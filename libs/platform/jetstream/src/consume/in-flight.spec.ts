import { describe, expect, it } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { Queue } from '../testing/index.js';
import { InFlight } from './in-flight.js';

/** A delivery of the message at a sequence, which notes what it is told. */
function aDelivery(seq: number) {
  const told = new Queue<string>();
  const message = { seq, working: () => told.put('working'), nak: () => told.put('nak') } as unknown as JsMsg;
  return { message, told };
}

describe('messages in flight', () => {
  it('are extended for as long as they are here', async () => {
    const inFlight = new InFlight(10);
    const { message, told } = aDelivery(1);
    inFlight.add(message);
    expect([await told.take(), await told.take()]).toEqual(['working', 'working']);
    inFlight.giveBack();
  });

  it('are taken in once, though the server sends one again that is being worked on', () => {
    const inFlight = new InFlight(60_000);
    const first = aDelivery(1).message;
    expect(inFlight.add(first)).toBe(true);
    expect(inFlight.add(aDelivery(1).message)).toBe(false);
    expect(inFlight.add(aDelivery(2).message)).toBe(true);
    inFlight.delete(first);
    expect(inFlight.add(aDelivery(1).message)).toBe(true);
    inFlight.giveBack();
  });

  it('are given back all at once', () => {
    const inFlight = new InFlight(60_000);
    const deliveries = [aDelivery(1), aDelivery(2)];
    for (const { message } of deliveries) inFlight.add(message);
    inFlight.giveBack();
    expect(deliveries.map(({ told }) => told.left)).toEqual([['nak'], ['nak']]);
  });

  it('can be waited for, but not for ever', async () => {
    const inFlight = new InFlight(60_000);
    await inFlight.idle(60_000);
    const { message } = aDelivery(1);
    inFlight.add(message);
    await inFlight.idle(1);
    const idle = inFlight.idle(60_000);
    inFlight.delete(message);
    await idle;
    inFlight.giveBack();
  });

  it('do not bring the process down when the connection is closed', () => {
    const inFlight = new InFlight(60_000);
    const closed = () => {
      throw new Error('closed connection');
    };
    inFlight.add({ seq: 1, working: closed, nak: closed });
    expect(() => inFlight.giveBack()).not.toThrow();
  });
});
