import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnswerPiece, DataOf, requestAccepted } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { followAnswer, handleCommand } from '@headrace/event-log';
import type { JetStream } from '@headrace/jetstream';
import { openJetStream, runHandlers, type TestProcess } from '@headrace/jetstream/testing';
import { aChunk, openAiStream, openAiWire, sseData } from '@headrace/providers/testing';
import { FakeReceiver, startNats, waitFor, type TestNats } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { AiRunnerHarness, anAccepted } from './testing/ai-runner.harness.js';

const project = 'project-1';
const openai = { provider: 'openai', model: 'gpt-4o', timeoutMs: 60_000 };

describe('the ai-runner on NATS', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  let elsewhere: JetStream;
  let server: FakeReceiver;
  const running: TestProcess[] = [];
  const open: AiRunnerHarness[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats, { settings: { stopTimeoutMs: 300 } }));
    ({ jetStream: elsewhere } = await openJetStream(nats));
    server = await FakeReceiver.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await Promise.all(open.splice(0).map((runner) => runner.close()));
    server.reset();
  });
  afterAll(async () => {
    await server.stop();
    await Promise.all([jetStream.close(), elsewhere.close()]);
    await nats.stop();
  });

  /** A process of the ai-runner in which a second of a provider's `Retry-After` lasts 100 ms. */
  async function runAiRunner(): Promise<void> {
    const credentials = [{ provider: 'openai', apiKey: 'sk-test-0123456789', baseUrl: `${server.url}/v1` }];
    const runner = new AiRunnerHarness({ credentials, timeScale: 10, ports: jetStream });
    open.push(runner);
    running.push(await runHandlers(jetStream, runner.handler, runner.resumeHandler));
  }

  async function accept(accepted: DataOf<typeof requestAccepted>): Promise<string> {
    const channel = randomUUID();
    const address = { project, channel, aggregate: 'request' };
    await elsewhere.eventLog.append(address, { type: 'request.accepted', data: accepted }, { expectedRevision: 0 });
    return channel;
  }

  const typesOf = async (channel: string): Promise<string[]> =>
    (await elsewhere.eventLog.readChannel(project, channel)).map(({ type }) => type);

  const reached = (channel: string, type: string) =>
    waitFor(async () => (await typesOf(channel)).includes(type), { what: `${type} of ${channel}` });

  it('lets go of a request that waits for its provider, and goes on with it when the timer fires', async () => {
    server.answerNext(openAiWire.rateLimit('30'), openAiWire.text('Hi'));
    await runAiRunner();
    const retry = { attempts: 2, initialMs: 1, factor: 1, maxMs: 1 };
    const channel = await accept(anAccepted({ targets: [openai], retry }, { stream: false }));
    await reached(channel, 'generation.attempted');
    // Nothing is in flight: a process that stops now has nothing to wait for, and another one goes on.
    await running.pop()?.stop();
    await runAiRunner();
    await reached(channel, 'request.completed');
    expect(await typesOf(channel)).toEqual(['request.accepted', 'generation.attempted', 'request.completed']);
    expect(server.requests).toHaveLength(2);
  });

  it('gives up the call of a provider when the request is cancelled by another process', async () => {
    server.answerNext(openAiWire.hanging());
    await runAiRunner();
    const channel = await accept(anAccepted({ targets: [openai] }));
    await server.next();
    const address = { project, channel, aggregate: 'request' };
    await handleCommand(elsewhere.eventLog, requestDecider, address, { type: 'cancel', at: new Date().toISOString() });
    await reached(channel, 'generation.attempted');
    expect(await typesOf(channel)).toEqual(['request.accepted', 'request.failed', 'generation.attempted']);
  });

  it('tells an answer to followers in other processes, also to those who come in its middle', async () => {
    const more = Promise.withResolvers<undefined>();
    async function* events() {
      yield sseData(aChunk({ role: 'assistant', content: 'one ' }));
      await more.promise;
      yield* openAiStream.textEvents('two ', 'three');
    }
    server.answerNext(openAiStream.held(events()));
    await runAiRunner();
    const channel = await accept(anAccepted({ targets: [openai] }));
    await waitFor(async () => (await elsewhere.answerPieces.askSoFar(project, channel)) !== undefined);
    const pieces: AnswerPiece[] = [];
    const following = followAnswer(elsewhere.answerPieces, project, channel, (piece) => pieces.push(piece));
    await waitFor(() => pieces.length > 0);
    more.resolve(undefined);
    await reached(channel, 'request.completed');
    await waitFor(() => pieces.map(({ content }) => content).join('') === 'one two three');
    following.close();
    await waitFor(async () => (await elsewhere.answerPieces.askSoFar(project, channel)) === undefined);
  });
});
