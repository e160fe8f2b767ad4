import { describe, expect, it } from '@jest/globals';
import type { AskedQuestion } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import { headOf, type HubMessageHead, type HubMessageKind } from './hub-message.js';
import { ServedHub } from './served-hub.js';

const message = (head: HubMessageHead): Msg =>
  ({ headers: headOf({ piece: [0, 1], ...head }), data: new Uint8Array() }) as unknown as Msg;

describe('what a hub keeps of the questions of others', () => {
  const said: HubMessageKind[] = [];
  const served = (onQuestion: (question: AskedQuestion) => void) =>
    new ServedHub(onQuestion, (_subject, { kind }) => said.push(kind));

  it.each(['poll', 'publish'] as const)('is nothing after a %s for a session that is gone', (kind) => {
    const hub = served((question) => question.gone());
    for (let n = 0; n < 100; n += 1) hub.take(message({ kind, exchange: `e${n}`, session: 'gone' }));
    expect(hub.size).toBe(0);
    expect(said.splice(0)).toEqual(new Array(100).fill('gone'));
  });

  it('is each answered poll until it is known whether its client got the answer', () => {
    const hub = served((question) => question.answer(Buffer.from('{}')));
    hub.take(message({ kind: 'poll', exchange: 'e1', session: 's1' }));
    expect(hub.size).toBe(1);
    hub.take(message({ kind: 'delivered', exchange: 'e1' }));
    expect(hub.size).toBe(0);
    expect(said.splice(0)).toEqual(['answer']);
  });
});
