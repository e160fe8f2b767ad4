import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataOf, GenerationOutput, requestContinued } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { accept, anAcceptedRequest, anOutput, answer, aToolCallingOutput } from '@headrace/domain/testing';
import { EVENT_LOG, handleCommand } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import {
  aProject,
  aWorkflow,
  projectId,
  ProjectsInMemory,
  startHttp,
  withKeyOf,
  type HttpHarness,
} from '@headrace/http/testing';
import { ProjectStore } from '@headrace/project-store';
import { CallbackModule } from './callback.module.js';

const log = new InMemoryEventLog();
const workflows = [
  aWorkflow({
    name: 'translate',
    eventName: 'translated',
    version: 4,
    stream: true,
    cacheFields: ['metadata.language'],
  }),
  aWorkflow({ name: 'publish' }),
];
let http: HttpHarness;
let channels = 0;

beforeAll(async () => {
  http = await startHttp({
    modules: [CallbackModule],
    providers: [
      { provide: EVENT_LOG, useValue: log },
      { provide: ProjectStore, useValue: new ProjectsInMemory(aProject({}, workflows)) },
    ],
  });
});
afterAll(() => http.close());

const address = (channel: string) => ({ project: projectId, channel, aggregate: 'request' });
const decide = (channel: string, command: Parameters<typeof requestDecider.decide>[0]) =>
  handleCommand(log, requestDecider, address(channel), command);

/** A channel whose AI has given this answer, so that it waits for its callback. */
async function aChannelThatAnswered(output: GenerationOutput): Promise<string> {
  channels += 1;
  const channel = `0198d6a0-0000-7000-b000-${String(channels).padStart(12, '0')}`;
  await decide(channel, accept(anAcceptedRequest({ eventName: 'ready' })));
  await decide(channel, answer(output));
  return channel;
}

const call = (channel: string, body: unknown, query = '') =>
  http.ask('POST', `/v1/callback/${channel}${query}`, { body, headers: withKeyOf(projectId) });
const typesOf = async (channel: string) =>
  (await log.readChannel(projectId, channel)).map(({ type }) => type.replace('request.', ''));
const lastOf = async (channel: string) => (await log.last(address(channel)))?.data as DataOf<typeof requestContinued>;
const results = (...ids: string[]) => ({ tool_results: ids.map((id) => ({ tool_call_id: id, content: { id } })) });
const onTo = (workflow: string, more: object = {}) => ({
  continue: { workflow, messages: [{ role: 'user', content: 'Go on' }], ...more },
});

describe('a callback with tool results', () => {
  it('begins the next round and says which', async () => {
    const channel = await aChannelThatAnswered(aToolCallingOutput('a', 'b'));
    const { status, body } = await call(channel, results('b', 'a'));
    expect([status, body]).toEqual([200, { message: 'success', status: 'success', channel_id: channel, round: 1 }]);
    const { messages, reason } = await lastOf(channel);
    expect(reason).toBe('tool_results');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
  });

  it('is success, and does nothing, when it is sent again', async () => {
    const channel = await aChannelThatAnswered(aToolCallingOutput('a'));
    await call(channel, results('a'));
    const again = { message: 'success', status: 'already_continued', channel_id: channel };
    expect((await call(channel, results('a'))).body).toEqual(again);
    await decide(channel, answer(aToolCallingOutput('a')));
    expect((await call(channel, results('a'))).body).toEqual(again);
    expect((await call(channel, results('a'), '?round=0')).body).toEqual(again);
    expect(await typesOf(channel)).toEqual(['accepted', 'generated', 'continued', 'generated']);
    expect((await call(channel, results('a'), '?round=1')).body).toMatchObject({ status: 'success', round: 2 });
  });

  it('is refused when its round is over, and kept for the timeline', async () => {
    const channel = await aChannelThatAnswered(aToolCallingOutput('a'));
    await call(channel, results('a'));
    await decide(channel, answer(anOutput()));
    const { status, body } = await call(channel, { data: { late: true } }, '?round=0');
    expect([status, body.error.code]).toEqual([409, 'callback_already_received']);
    expect(body.message).toContain('round 1');
    expect((await typesOf(channel)).at(-1)).toBe('callback.refused');
  });

  it.each([
    ['tool_results.0.tool_call_id', results('x', 'a', 'b')],
    ['tool_results.2.tool_call_id', results('a', 'b', 'a')],
    ['tool_results', results('a')],
    ['tool_results', { tool_results: [] }],
  ])('is 400 and names %s: %j', async (param, body) => {
    const channel = await aChannelThatAnswered(aToolCallingOutput('a', 'b'));
    const answered = await call(channel, body);
    expect([answered.status, answered.body.error.param]).toEqual([400, param]);
    expect(await typesOf(channel)).toEqual(['accepted', 'generated']);
    expect((await call(channel, results('a', 'b'))).status).toBe(200);
  });

  it('is 400 when the model called no tools', async () => {
    const { status, body } = await call(await aChannelThatAnswered(anOutput()), results('a'));
    expect([status, body.error.param]).toEqual([400, 'tool_results']);
  });

  it('begins one round, whatever races', async () => {
    const channel = await aChannelThatAnswered(aToolCallingOutput('a'));
    const bodies = Array.from({ length: 12 }, (_, n) => (n % 3 === 0 ? { data: { n: 1 } } : results('a')));
    const answers = await Promise.all([
      ...bodies.map((body) => call(channel, body, '?round=0')),
      decide(channel, { type: 'cancel', at: '2026-01-01T00:00:04.000Z' }).then(() => undefined),
    ]);
    const won = answers.filter((each) => each?.body['status'] === 'success');
    expect(won.length).toBeLessThanOrEqual(1);
    const types = (await typesOf(channel)).filter((type) => !type.startsWith('callback'));
    expect(types.filter((type) => type === 'continued').length).toBeLessThanOrEqual(1);
    expect(types.filter((type) => type === 'completed' || type === 'failed')).toHaveLength(1);
  });
});

describe('a callback that names the next workflow', () => {
  it('goes on with it as it is configured now, in the same channel', async () => {
    const channel = await aChannelThatAnswered(anOutput());
    const { body } = await call(channel, onTo('translate', { metadata: { language: 'de', more: 1 } }));
    expect(body).toMatchObject({ status: 'success', round: 1 });
    expect(await lastOf(channel)).toMatchObject({
      reason: 'stage',
      messages: [{ role: 'user', content: 'Go on' }],
      context: {
        workflow: 'translate',
        workflowVersion: 4,
        eventName: 'translated',
        stream: true,
        customerData: { user: 'u1', 'metadata.language': 'de' },
        progress: { stage: 2 },
      },
    });
  });

  it('ends with its answer when it is a standard one', async () => {
    const channel = await aChannelThatAnswered(anOutput());
    await call(channel, onTo('publish'));
    await decide(channel, answer(anOutput()));
    expect(await typesOf(channel)).toEqual(['accepted', 'generated', 'continued', 'completed']);
    expect((await call(channel, onTo('publish'))).body).toMatchObject({ status: 'already_continued' });
  });

  it('is 404 when the project has no such workflow, and can be mended', async () => {
    const channel = await aChannelThatAnswered(anOutput());
    const { status, body } = await call(channel, onTo('nowhere'));
    expect([status, body.error.code, body.error.param]).toEqual([404, 'model_not_found', 'continue.workflow']);
    expect(await typesOf(channel)).toEqual(['accepted', 'generated']);
    expect((await call(channel, onTo('publish'))).status).toBe(200);
  });

  it('is judged by the request first when its workflow is gone', async () => {
    const channel = await aChannelThatAnswered(anOutput());
    await call(channel, { data: {} });
    expect((await call(channel, onTo('nowhere'))).body.error.code).toBe('callback_already_received');
    expect((await call('0198d6a0-0000-7000-b000-ffffffffffff', onTo('nowhere'))).body.error.code).toBe('not_found');
  });
});

describe('the round in the address of a callback', () => {
  it.each(['x', '-1', '1.5', ''])('is 400 when it is %j', async (round) => {
    const { status, body } = await call(await aChannelThatAnswered(anOutput()), { data: {} }, `?round=${round}`);
    expect([status, body.error.param]).toEqual([400, 'round']);
  });

  it('is 409 when it has not begun', async () => {
    const { status, body } = await call(await aChannelThatAnswered(anOutput()), { data: {} }, '?round=3');
    expect([status, body.error.code]).toEqual([409, 'callback_not_expected']);
  });
});
