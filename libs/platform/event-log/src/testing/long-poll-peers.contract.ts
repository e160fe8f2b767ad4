import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AskedQuestion, LongPollPeers, PeerQuestion, PeerSubscription } from '../long-poll-peers.port.js';

const inTime = { limitMs: 20_000, signal: new AbortController().signal };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const aPoll = (): PeerQuestion => ({ kind: 'poll', session: 's1', contentType: '', body: bytes('') });

/** What every way between hubs does. `one` and `other` may be two processes. */
export function longPollPeersContract(name: string, one: () => LongPollPeers, other: () => LongPollPeers): void {
  /** A hub at the other end that keeps its questions. */
  async function aHub(): Promise<{ hub: string; asked: () => Promise<AskedQuestion>; serving: PeerSubscription }> {
    const hub = randomUUID();
    const arrived: AskedQuestion[] = [];
    let waiting: ((question: AskedQuestion) => void) | undefined;
    const serving = other().serve(hub, (question) => {
      const waits = waiting;
      waiting = undefined;
      if (waits) waits(question);
      else arrived.push(question);
    });
    const asked = async (): Promise<AskedQuestion> =>
      arrived.shift() ?? (await new Promise<AskedQuestion>((resolve) => (waiting = resolve)));
    // Until it is there; what asks meanwhile is told that nobody is.
    for (let there = false; !there;) {
      const probe = one().ask(hub, { ...aPoll(), session: 'probe' }, inTime);
      const first = await Promise.race([probe, asked()]);
      there = 'session' in first;
      if ('session' in first) first.gone();
      await probe;
    }
    waiting = undefined;
    return { hub, asked, serving };
  }
  const settling = (question: AskedQuestion): Promise<boolean> => new Promise((resolve) => question.onSettled(resolve));

  describe(`${name} as the way between hubs`, () => {
    it('brings a poll to the hub of its session, and the answer back', async () => {
      const { hub, asked, serving } = await aHub();
      const answering = one().ask(hub, aPoll(), inTime);
      const question = await asked();
      expect(question).toMatchObject({ kind: 'poll', session: 's1' });
      const settled = settling(question);
      question.answer(bytes('{"messages":["Grüße 🌍"]}'));
      const answer = await answering;
      if (answer.kind !== 'answered') throw new Error(answer.kind);
      expect(Buffer.from(answer.body).toString()).toBe('{"messages":["Grüße 🌍"]}');
      answer.settle(true);
      expect(await settled).toBe(true);
      serving.close();
    });

    it('tells who answered that the answer did not reach the client', async () => {
      const { hub, asked, serving } = await aHub();
      const answering = one().ask(hub, aPoll(), inTime);
      const question = await asked();
      question.answer(bytes('{}'));
      const answer = await answering;
      if (answer.kind === 'answered') answer.settle(false);
      expect(await settling(question)).toBe(false);
      serving.close();
    });

    it('brings what a client sends, as it is', async () => {
      const { hub, asked, serving } = await aHub();
      const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const contentType = 'application/x-ndjson';
      const answering = one().ask(hub, { kind: 'publish', session: 's2', contentType, body }, inTime);
      const question = await asked();
      expect({ ...question, body: Buffer.from(question.body) }).toMatchObject({
        kind: 'publish',
        session: 's2',
        contentType,
        body,
      });
      question.answer(bytes('{"status":200}'));
      expect(await answering).toMatchObject({ kind: 'answered' });
      serving.close();
    });

    it('tells a poll of which the client went away', async () => {
      const { hub, asked, serving } = await aHub();
      const leaving = new AbortController();
      const answering = one().ask(hub, aPoll(), { ...inTime, signal: leaving.signal });
      const question = await asked();
      leaving.abort();
      expect(await settling(question)).toBe(false);
      expect(await answering).toEqual({ kind: 'unknown' });
      serving.close();
    });

    it('waits for an answer no longer than it is said to', async () => {
      const { hub, asked, serving } = await aHub();
      const answering = one().ask(hub, aPoll(), { ...inTime, limitMs: 50 });
      const question = await asked();
      expect(await answering).toEqual({ kind: 'unknown' });
      expect(await settling(question)).toBe(false);
      serving.close();
    });

    it('knows at once that a session, or its hub, is gone', async () => {
      const { hub, asked, serving } = await aHub();
      const answering = one().ask(hub, aPoll(), inTime);
      (await asked()).gone();
      expect(await answering).toEqual({ kind: 'gone' });
      expect(await one().ask(randomUUID(), aPoll(), inTime)).toEqual({ kind: 'gone' });
      serving.close();
    });

    it('asks nothing for a client that is gone already', async () => {
      expect(await one().ask(randomUUID(), aPoll(), { ...inTime, signal: AbortSignal.abort() })).toEqual({
        kind: 'unknown',
      });
    });
  });
}
