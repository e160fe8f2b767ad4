import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnswerSoFar } from '@headrace/contracts';
import { waitFor } from '@headrace/testing';
import { HubHarness, joinOk, type TestRequest } from './testing/hub-harness.js';
import { RawClient } from './testing/raw-client.js';
import {
  aCompletedRequest,
  aContinuedRequest,
  aGeneratedRequest,
  anAcceptedRequest,
} from './testing/request-events.js';

let hub: HubHarness;
beforeAll(async () => {
  hub = await HubHarness.start();
});
afterAll(() => hub.stop());

type Frame = readonly [joinRef: string, ref: string | null, topic: string, event: string, payload: Payload];
interface Payload {
  readonly data: string;
  readonly index: number;
  readonly status?: string;
}

/** A process that generates the answer of a request, and tells it. */
class Generating {
  private readonly told: string[] = [];
  private readonly offer: { close(): void };

  constructor(private readonly request: TestRequest) {
    const soFar = (): AnswerSoFar => ({ next: this.told.length, content: this.told.join(''), toolCalls: [] });
    this.offer = hub.pieces.offerSoFar(request.project, request.channel, soFar);
  }

  tell(content: string): void {
    const index = this.told.push(content) - 1;
    hub.pieces.tell(this.request.project, this.request.channel, { index, content });
  }

  /** Says how far it is, as whoever generates does while nothing comes. */
  pause(): void {
    hub.pieces.tell(this.request.project, this.request.channel, { index: this.told.length });
  }

  tellToolCall(): void {
    const index = this.told.push('') - 1;
    hub.pieces.tell(this.request.project, this.request.channel, { index, toolCalls: [{ index: 0 }] });
  }

  end(): void {
    this.offer.close();
  }
}

async function anAnswer() {
  const request = hub.aRequest();
  await hub.log.append(request.address, anAcceptedRequest());
  return { request, generating: new Generating(request) };
}

const isFollowed = ({ project, channel }: TestRequest) =>
  waitFor(() => hub.pieces.followersOf(project, channel) > 0, { what: 'the hub follows the answer' });

const tokens = (joinRef: string, topic: string, data: string, index: number): unknown => [
  joinRef,
  null,
  topic,
  'tokens',
  { data, index },
];

/** Reads until a response; tells the text that came before it. */
async function readAnswer(client: RawClient) {
  const indexes: number[] = [];
  let text = '';
  for (;;) {
    const [, , , event, payload] = (await client.frame()) as Frame;
    if (event === 'response') return { text, indexes, status: payload.status };
    expect(event).toBe('tokens');
    indexes.push(payload.index);
    text += payload.data;
  }
}

async function expectNothingMore(client: RawClient): Promise<void> {
  client.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
  expect(await client.frame()).toMatchObject([null, 'beat', 'phoenix', 'phx_reply', { status: 'ok' }]);
}

describe('a client that joined while its answer is generated', () => {
  it('sees it grow, each frame with its join_ref and the next index', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request, '7');
    await isFollowed(request);
    generating.tell('Once ');
    generating.tell('upon');
    expect(await client.frame()).toEqual(tokens('7', request.topic, 'Once ', 0));
    expect(await client.frame()).toEqual(tokens('7', request.topic, 'upon', 1));
    client.drop();
  });

  it('gets them on version 1, and on the topic that it joined', async () => {
    const { request, generating } = await anAnswer();
    const topic = `ai_response:${request.channel}`;
    const client = await RawClient.connect(`${hub.url}/websocket?token=${await hub.token(request)}`);
    client.send({ topic, event: 'phx_join', payload: {}, ref: '1' });
    await client.frame();
    await isFollowed(request);
    generating.tell('Once');
    expect(await client.frame()).toEqual({ topic, event: 'tokens', payload: { data: 'Once', index: 0 }, ref: null });
    client.drop();
  });

  it('gets none after the final frame, nor after its channel was closed', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    generating.tell('Once ');
    await hub.log.append(request.address, aCompletedRequest());
    generating.tell('upon');
    expect(await readAnswer(client)).toEqual({ text: 'Once ', indexes: [0], status: 'completed' });
    expect(await client.frame()).toMatchObject(['1', '1', request.topic, 'phx_close', {}]);
    await expectNothingMore(client);
    expect(hub.pieces.followersOf(request.project, request.channel)).toBe(0);
    client.drop();
  });

  it('gets none while its backend is awaited, and begins at 0 again with the next answer', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    generating.tell('first');
    generating.end();
    await hub.log.append(request.address, aGeneratedRequest());
    generating.tell('late');
    expect(await readAnswer(client)).toEqual({ text: 'first', indexes: [0], status: 'ai_generated' });
    await hub.log.append(request.address, aContinuedRequest());
    const again = new Generating(request);
    await isFollowed(request);
    again.tell('second');
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'second', 0));
    client.drop();
  });

  it('gets text alone: tool calls come with the state', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    generating.tellToolCall();
    generating.tell('Once');
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'Once', 0));
    client.drop();
  });
});

describe('a client that comes in the middle of an answer', () => {
  it('gets what was told so far, then the rest, without gaps or repeats', async () => {
    const { request, generating } = await anAnswer();
    generating.tell('Once ');
    generating.tell('upon ');
    const client = await hub.join(request);
    await isFollowed(request);
    generating.pause();
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'Once upon ', 0));
    generating.tell('a time');
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'a time', 1));
    client.drop();
  });

  it('gets what was told so far with what is told next', async () => {
    const { request, generating } = await anAnswer();
    generating.tell('Once ');
    const client = await hub.join(request);
    await isFollowed(request);
    generating.tell('upon');
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'Once upon', 0));
    client.drop();
  });

  it('gets the same when another client of the channel is there already', async () => {
    const { request, generating } = await anAnswer();
    const first = await hub.join(request);
    await isFollowed(request);
    generating.tell('Once ');
    generating.tell('upon ');
    const second = await hub.join(request, '2');
    expect(await second.frame()).toEqual(tokens('2', request.topic, 'Once upon ', 0));
    generating.tell('a time');
    expect(await second.frame()).toEqual(tokens('2', request.topic, 'a time', 1));
    await hub.log.append(request.address, aCompletedRequest());
    expect(await readAnswer(first)).toEqual({ text: 'Once upon a time', indexes: [0, 1, 2], status: 'completed' });
    expect(hub.pieces.followersOf(request.project, request.channel)).toBe(0);
    first.drop();
    second.drop();
  });

  it('gets all of it again when it joins again', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    generating.tell('Once ');
    expect(await client.frame()).toEqual(tokens('1', request.topic, 'Once ', 0));
    client.send(['2', '2', request.topic, 'phx_join', {}]);
    expect(await client.frame()).toEqual(joinOk('2', request.topic));
    expect(await client.frame()).toMatchObject(['1', '1', request.topic, 'phx_close', {}]);
    await isFollowed(request);
    generating.pause();
    expect(await client.frame()).toEqual(tokens('2', request.topic, 'Once ', 0));
    generating.tell('upon');
    expect(await client.frame()).toEqual(tokens('2', request.topic, 'upon', 1));
    client.drop();
  });
});

describe('an answer that nobody watches', () => {
  it('is not followed', async () => {
    const { request } = await anAnswer();
    expect(hub.pieces.followersOf(request.project, request.channel)).toBe(0);
    const client = await hub.join(request);
    await isFollowed(request);
    client.drop();
    await waitFor(() => hub.pieces.followersOf(request.project, request.channel) === 0);
  });

  it('is not followed by a client that comes after its end', async () => {
    const { request } = await anAnswer();
    await hub.log.append(request.address, aCompletedRequest());
    const client = await hub.join(request);
    expect(await readAnswer(client)).toMatchObject({ text: '', status: 'completed' });
    expect(hub.pieces.followersOf(request.project, request.channel)).toBe(0);
    client.drop();
  });
});

describe('a client that reads slowly', () => {
  const piece = 'é'.repeat(5_000);

  it('gets text merged into fewer frames, and all of it once it reads', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    client.socket.pause();
    const pieces = 2_000;
    for (let told = 0; told < pieces; told += 1) generating.tell(piece);
    client.socket.resume();
    let text = '';
    let frames = 0;
    while (text.length < piece.length * pieces) {
      const [, , , event, payload] = (await client.frame()) as Frame;
      expect([event, payload.index]).toEqual(['tokens', frames]);
      text += payload.data;
      frames += 1;
    }
    expect(text).toBe(piece.repeat(pieces));
    expect(frames).toBeLessThan(pieces);
    client.drop();
  });

  it('loses the rest of the text before it loses a state, and is not cut', async () => {
    const { request, generating } = await anAnswer();
    const client = await hub.join(request);
    await isFollowed(request);
    client.socket.pause();
    const pieces = 2_000;
    for (let told = 0; told < pieces; told += 1) generating.tell(piece);
    await hub.log.append(request.address, aCompletedRequest());
    client.socket.resume();
    const { text, indexes, status } = await readAnswer(client);
    expect(status).toBe('completed');
    expect(piece.repeat(pieces).startsWith(text)).toBe(true);
    expect(text.length).toBeLessThan(piece.length * pieces);
    expect(indexes).toEqual([...indexes.keys()]);
    expect(await client.frame()).toMatchObject(['1', '1', request.topic, 'phx_close', {}]);
    await expectNothingMore(client);
    client.drop();
  });

  it('never gets half of a character', async () => {
    const { request, generating } = await anAnswer();
    generating.tell(`x${'😀'.repeat(20_000)}`);
    const client = await hub.join(request);
    await isFollowed(request);
    generating.pause();
    await hub.log.append(request.address, aGeneratedRequest());
    const { text } = await readAnswer(client);
    expect(text.isWellFormed()).toBe(true);
    client.drop();
  });
});
