import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { longPollSubject } from '@headrace/contracts';
import type { AskedQuestion, PeerQuestion } from '@headrace/event-log';
import { longPollPeersContract } from '@headrace/event-log/testing';
import { startNats, ToxicProxy, waitFor, type TestNats } from '@headrace/testing';
import { openJetStream, Queue, type TestJetStream } from '../testing/index.js';
import { JetStreamLongPollPeers } from './jetstream-long-poll-peers.js';

let nats: TestNats;
let asking: TestJetStream;
let asked: TestJetStream;
beforeAll(async () => {
  nats = await startNats();
  [asking, asked] = [await openJetStream(nats), await openJetStream(nats)];
});
afterAll(async () => {
  await Promise.all([asking.jetStream.close(), asked.jetStream.close()]);
  await nats.stop();
});

longPollPeersContract(
  'NATS',
  () => asking.jetStream.longPollPeers,
  () => asked.jetStream.longPollPeers,
);

const inTime = { limitMs: 20_000, signal: new AbortController().signal };
const aPoll: PeerQuestion = { kind: 'poll', session: 's1', contentType: '', body: Buffer.alloc(0) };

/** A hub whose questions wait to be taken. */
async function aHub(): Promise<{ hub: string; questions: Queue<AskedQuestion> }> {
  const hub = randomUUID();
  const questions = new Queue<AskedQuestion>();
  asked.jetStream.longPollPeers.serve(hub, (question) => questions.put(question));
  await asked.jetStream.connection.flush();
  return { hub, questions };
}

describe('a question to another hub', () => {
  it('and its answer may be larger than the server takes a message', async () => {
    const { hub, questions } = await aHub();
    const body = randomBytes(asking.jetStream.connection.maxPayload + 1);
    const answering = asking.jetStream.longPollPeers.ask(hub, { ...aPoll, kind: 'publish', body }, inTime);
    const question = await questions.take();
    expect(Buffer.compare(body, question.body)).toBe(0);
    question.answer(Buffer.concat([body, body]));
    const answer = await answering;
    expect(answer.kind === 'answered' && Buffer.compare(Buffer.concat([body, body]), answer.body)).toBe(0);
  });

  it('of a content type that cannot be in a header is asked without it', async () => {
    const { hub, questions } = await aHub();
    const contentType = `text/plain;\r\nKind: settle; ü`;
    const answering = asking.jetStream.longPollPeers.ask(hub, { ...aPoll, kind: 'publish', contentType }, inTime);
    const question = await questions.take();
    expect(question).toMatchObject({ kind: 'publish', contentType: 'text/plain;Kind: settle;' });
    question.gone();
    await answering;
  });

  it('ends when the process of that hub was killed, in the middle of it too', async () => {
    const killed = await openJetStream(nats);
    const [hub, questions] = [randomUUID(), new Queue<AskedQuestion>()];
    killed.jetStream.longPollPeers.serve(hub, (question) => questions.put(question));
    await killed.jetStream.connection.flush();
    const inTheMiddle = asking.jetStream.longPollPeers.ask(hub, aPoll, { ...inTime, limitMs: 300 });
    await questions.take();
    await killed.jetStream.connection.client.close();
    expect(await inTheMiddle).toEqual({ kind: 'unknown' });
    expect(await asking.jetStream.longPollPeers.ask(hub, aPoll, inTime)).toEqual({ kind: 'gone' });
    await killed.jetStream.close();
  });

  it('is given up soon when nothing is heard of that hub, though its connection is there', async () => {
    const hub = randomUUID();
    const silent = asked.jetStream.connection.client.subscribe(longPollSubject(hub), { callback: () => undefined });
    await asked.jetStream.connection.flush();
    const peers = new JetStreamLongPollPeers(asking.jetStream.connection, asking.logger, 100);
    expect(await peers.ask(hub, aPoll, inTime)).toEqual({ kind: 'gone' });
    expect(asking.logger.lines.some(({ message }) => message.includes('does not answer'))).toBe(true);
    silent.unsubscribe();
  });

  it('waits for a NATS that is away, and is asked once it is back', async () => {
    const { hub, questions } = await aHub();
    await nats.kill();
    await waitFor(() => !asking.jetStream.connection.isConnected, { what: 'the loss is known' });
    const short = { ...inTime, limitMs: 50 };
    expect(await asking.jetStream.longPollPeers.ask(hub, aPoll, short)).toEqual({ kind: 'unknown' });
    const leaving = new AbortController();
    const left = asking.jetStream.longPollPeers.ask(hub, aPoll, { ...inTime, signal: leaving.signal });
    leaving.abort();
    expect(await left).toEqual({ kind: 'unknown' });
    // Whoever is back first finds nobody, and asks again.
    const answering = (async () => {
      for (;;) {
        const answer = await asking.jetStream.longPollPeers.ask(hub, aPoll, inTime);
        if (answer.kind === 'answered') return Buffer.from(answer.body).toString();
      }
    })();
    await nats.restart();
    (await questions.take()).answer(Buffer.from('here'));
    expect(await answering).toBe('here');
  });

  it('of which the answer got lost on the way is given up, and the answer kept', async () => {
    const network = await ToxicProxy.start(nats.url);
    const far = await openJetStream({ url: network.through(nats.url) });
    const { hub, questions } = await aHub();
    const answering = far.jetStream.longPollPeers.ask(hub, aPoll, inTime);
    const question = await questions.take();
    const settled = new Promise((resolve) => question.onSettled(resolve));
    network.become({ blackHole: true });
    question.answer(Buffer.from('lost'));
    await asked.jetStream.connection.flush();
    network.heal();
    expect(await answering).toEqual({ kind: 'unknown' });
    expect(await settled).toBe(false);
    await far.jetStream.close();
    await network.stop();
  });
});
