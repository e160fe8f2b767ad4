import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnswerPiece } from '@headrace/contracts';
import { aFailedEvent, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { openJetStream, Queue, type TestJetStream } from './testing/index.js';

let nats: TestNats;
let one: TestJetStream;
let other: TestJetStream;

beforeAll(async () => {
  nats = await startNats();
  [one, other] = [await openJetStream(nats), await openJetStream(nats)];
});
afterAll(async () => {
  await Promise.all([one.jetStream.close(), other.jetStream.close()]);
  await nats.stop();
});

describe('pieces of an answer', () => {
  it('reach those who follow the channel, in order, and nobody else', async () => {
    const { project, channel } = aRequestAddress();
    const elsewhere = aRequestAddress(project);
    const heard = new Queue<AnswerPiece>();
    const following = one.jetStream.answerPieces.follow(project, channel, (piece) => heard.put(piece));
    await one.jetStream.connection.flush();
    const { answerPieces, connection } = other.jetStream;
    const pieces: AnswerPiece[] = [
      { index: 0, content: 'Grüß ' },
      { index: 1, content: 'Gott', toolCalls: [{ index: 0, id: 'call_1' }] },
    ];
    answerPieces.tell(project, elsewhere.channel, { index: 0, content: 'not for you' });
    for (const piece of pieces) answerPieces.tell(project, channel, piece);
    expect([await heard.take(), await heard.take()]).toEqual(pieces);
    following.close();
    await one.jetStream.connection.flush();
    answerPieces.tell(project, channel, { index: 2 });
    await Promise.all([connection.flush(), one.jetStream.connection.flush()]);
    expect(heard.left).toEqual([]);
  });

  it('go on after a listener failed', async () => {
    const { project, channel } = aRequestAddress();
    const heard = new Queue<number>();
    const following = one.jetStream.answerPieces.follow(project, channel, ({ index }) => {
      heard.put(index);
      if (index === 0) throw new Error('The listener failed.');
    });
    await one.jetStream.connection.flush();
    for (const index of [0, 1]) other.jetStream.answerPieces.tell(project, channel, { index });
    expect([await heard.take(), await heard.take()]).toEqual([0, 1]);
    following.close();
  });
});

describe('who follows the events and the answer of a channel', () => {
  it('hears each of them apart, and goes on with one when the other is no longer followed', async () => {
    const address = aRequestAddress();
    const { project, channel } = address;
    const [events, pieces] = [new Queue<string>(), new Queue<number>()];
    const { answerPieces, channelFeed, connection } = one.jetStream;
    const feed = channelFeed.subscribe(project, channel, ({ type }) => events.put(type));
    const answer = answerPieces.follow(project, channel, ({ index }) => pieces.put(index));
    await connection.flush();
    const revision = await other.jetStream.eventLog.append(address, anAcceptedEvent());
    other.jetStream.answerPieces.tell(project, channel, { index: 0, content: 'one' });
    expect([await events.take(), await pieces.take()]).toEqual(['request.accepted', 0]);
    answer.close();
    other.jetStream.answerPieces.tell(project, channel, { index: 1, content: 'two' });
    await other.jetStream.eventLog.append(address, aFailedEvent(), { expectedRevision: revision });
    expect(await events.take()).toBe('request.failed');
    const again = answerPieces.follow(project, channel, ({ index }) => pieces.put(index));
    feed.close();
    other.jetStream.answerPieces.tell(project, channel, { index: 2, content: 'three' });
    expect(await pieces.take()).toBe(2);
    again.close();
    await connection.flush();
    other.jetStream.answerPieces.tell(project, channel, { index: 3, content: 'four' });
    await Promise.all([other.jetStream.connection.flush(), connection.flush()]);
    expect([events.left, pieces.left]).toEqual([[], []]);
  });
});

describe('an answer so far', () => {
  it('is told by the process that generates it, for as long as it does', async () => {
    const { project, channel } = aRequestAddress();
    const soFar = { next: 2, content: 'Grüß Gott', toolCalls: [{ index: 0, id: 'call_1' }] };
    const offered = one.jetStream.answerPieces.offerSoFar(project, channel, () => soFar);
    await one.jetStream.connection.flush();
    expect(await other.jetStream.answerPieces.askSoFar(project, channel)).toEqual(soFar);
    offered.close();
    await one.jetStream.connection.flush();
    expect(await other.jetStream.answerPieces.askSoFar(project, channel)).toBeUndefined();
  });

  it('is told once to a process in which many ask at the same time, and anew to who asks later', async () => {
    const { project, channel } = aRequestAddress();
    let told = 0;
    const offer = other.jetStream.answerPieces.offerSoFar(project, channel, () => {
      told += 1;
      return { next: told, content: 'text', toolCalls: [] };
    });
    await other.jetStream.connection.flush();
    const ask = () => one.jetStream.answerPieces.askSoFar(project, channel);
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    expect(answers).toEqual(answers.map(() => ({ next: 1, content: 'text', toolCalls: [] })));
    expect([await ask(), told]).toEqual([{ next: 2, content: 'text', toolCalls: [] }, 2]);
    offer.close();
  });

  it('is not told when it is too long for one message', async () => {
    const { project, channel } = aRequestAddress();
    const content = 'x'.repeat(one.jetStream.connection.maxPayload);
    const offered = one.jetStream.answerPieces.offerSoFar(project, channel, () => ({
      next: 1,
      content,
      toolCalls: [],
    }));
    await one.jetStream.connection.flush();
    expect(await other.jetStream.answerPieces.askSoFar(project, channel)).toBeUndefined();
    offered.close();
  });
});
