import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Msg, NatsConnection as Client } from '@nats-io/nats-core';
import { Portion } from './portion.js';

type Callback = (error: Error | null, message: Msg) => void;

/** A portion of three messages, what it asked for, and the server's side of it. */
function aPortion() {
  const asked: { batch: number; max_bytes: number }[] = [];
  const taken: number[] = [];
  const failures: string[] = [];
  let deliver: Callback = () => undefined;
  const client = {
    subscribe: (_inbox: string, { callback }: { callback: Callback }) => {
      deliver = callback;
      return { unsubscribe: () => undefined };
    },
    publish: (_subject: string, wanted: string) => void asked.push(JSON.parse(wanted) as (typeof asked)[number]),
  } as unknown as Client;
  const portion = new Portion(client, {
    stream: 'EVENTS',
    consumer: 'reader',
    messages: 3,
    bytes: 1_000,
    onMessage: ({ seq }) => taken.push(seq),
    onFailure: ({ message }) => failures.push(message),
  });
  return {
    ...{ portion, taken, failures, batches: () => asked.map(({ batch }) => batch), asked },
    message: (seq: number) =>
      deliver(null, { data: Buffer.from('{}'), reply: `$JS.ACK.EVENTS.reader.1.${seq}.1.0.0` } as unknown as Msg),
    says: (status: number, description: string) => {
      const told = { code: status, description };
      deliver(null, { data: new Uint8Array(), headers: told } as unknown as Msg);
    },
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a portion of a consumer’s messages', () => {
  it('is limited in number and size, and followed by the next as soon as it has come', () => {
    const { portion, message, says, asked, taken } = aPortion();
    portion.ask(2);
    for (const seq of [7, 8]) message(seq);
    expect(taken).toEqual([7, 8]);
    // Of the one before: it had room for more bytes.
    says(409, 'Batch Completed');
    expect(asked).toMatchObject([
      { batch: 2, max_bytes: 1_000 },
      { batch: 3, max_bytes: 1_000 },
    ]);
    for (const seq of [9, 10]) message(seq);
    expect(asked).toHaveLength(2);
    message(11);
    expect(asked).toHaveLength(3);
  });

  it.each([
    [408, 'Request Timeout'],
    [404, 'No Messages'],
    [409, 'Message Size Exceeds MaxBytes'],
  ])('is asked for anew when the server is done with it: %i %s', (status, description) => {
    const { portion, message, says, batches, failures } = aPortion();
    portion.ask();
    message(7);
    says(status, description);
    expect(batches()).toEqual([3, 3]);
    expect(failures).toEqual([]);
  });

  it.each([
    [409, 'Consumer Deleted'],
    [409, 'Leadership Change'],
    [503, ''],
  ])('ends when nothing will come: %i %s', (status, description) => {
    const { portion, says, batches, failures } = aPortion();
    portion.ask();
    says(status, description);
    expect(failures).toEqual([`The server says ${status} ${description}`.trimEnd()]);
    expect(batches()).toEqual([3]);
  });

  it('is asked for anew when the server must have forgotten it', () => {
    const { portion, batches } = aPortion();
    portion.ask();
    jest.advanceTimersByTime(11_000);
    portion.askAgainIfForgotten();
    expect(batches()).toEqual([3]);
    jest.advanceTimersByTime(2_000);
    portion.askAgainIfForgotten();
    portion.askAgainIfForgotten();
    expect(batches()).toEqual([3, 3]);
  });
});
