import { describe, expect } from '@jest/globals';
import type { ReceivedRequest } from '@headrace/testing';
import { callbackUrlIn, type Backend } from '../support/backend.js';
import type { Stage, Test } from '../support/stage.js';
import { resultsFor, toolCallsIn, weatherTool } from '../support/tools.js';
import type { WebhookBody } from '../support/wire.js';
import { workflows } from '../support/workflows.js';

const workflow = workflows.eventDriven;

/** Requests whose callbacks ask for another answer: of the same model, or of the next workflow. */
export function roundsFlows(test: Test): void {
  toolFlows(test);
  chainFlows(test);
  approvalFlows(test);
}

function toolFlows(test: Test): void {
  describe('an event-driven request with tools', () => {
    test('goes on with what the backend found, round by round, until the final answer', async (stage) => {
      const backend = await stage.backend();
      const { reply, channel } = await askWithTools(stage, 2);
      for (const round of [0, 1]) {
        const webhook = await webhookOfRound(backend, reply.channel_id, round);
        expect(toolCallsIn(webhook)).toHaveLength(1);
        const answer = await backend.callback(webhook, resultsFor(webhook));
        expect(answer).toMatchObject({ status: 200, body: { status: 'success', round: round + 1 } });
        expect((await backend.callback(webhook, resultsFor(webhook))).body).toMatchObject({
          status: 'already_continued',
        });
      }
      const last = await webhookOfRound(backend, reply.channel_id, 2);
      expect(toolCallsIn(last)).toEqual([]);
      expect(last.json<WebhookBody>().callback_url).toMatch(/\?round=2$/);
      expect((await backend.callback(last, { data: { id: 'row-1' } })).body).toMatchObject({ status: 'success' });

      await channel.ended;
      const generated = { status: 'ai_generated', event_name: 'row_ready' };
      expect(channel.frames).toMatchObject([
        generated,
        { ...generated, round: 1 },
        { ...generated, round: 2, stage: 1 },
        { status: 'completed', data: { id: 'row-1' }, ai_response: { data: last.json<WebhookBody>().data } },
      ]);
      const { timeline } = await stage.api.request(reply.channel_id);
      const told = timeline.filter(({ kind }) => kind === 'request' || kind === 'callback');
      expect(told.map(({ kind, status, round }) => [kind, status, round])).toEqual([
        ['request', 'success', 0],
        ['callback', 'success', undefined],
        ['request', 'success', 1],
        ['callback', 'success', undefined],
        ['request', 'success', 2],
        ['callback', 'success', undefined],
      ]);
      const [first] = backend.webhooksOf(reply.channel_id);
      expect(told[1]?.tool_results).toEqual(first && resultsFor(first).tool_results);
    });

    test('refuses results that answer no call, and callbacks of a round that is over', async (stage) => {
      const backend = await stage.backend();
      const { reply } = await askWithTools(stage, 1);
      const first = await webhookOfRound(backend, reply.channel_id, 0);
      const unknown = { tool_results: [{ tool_call_id: 'call_of_nobody', content: 'x' }] };
      expect(await backend.callback(first, unknown)).toMatchObject({
        status: 400,
        body: { error: { param: 'tool_results.0.tool_call_id' } },
      });
      expect((await backend.callback(first, resultsFor(first))).status).toBe(200);
      const second = await webhookOfRound(backend, reply.channel_id, 1);
      expect(await backend.callback(second, resultsFor(first))).toMatchObject({
        status: 400,
        body: { error: { param: 'tool_results' } },
      });
      const url = `${callbackUrlIn(first)}?round=0`;
      expect(await stage.api.call('POST', url, { data: { late: true } })).toMatchObject({
        status: 409,
        body: { error: { code: 'callback_already_received' } },
      });
      expect((await backend.callback(second, { data: {} })).status).toBe(200);
    });

    test('fails when the model calls tools more often than the workflow allows', async (stage) => {
      const backend = await stage.backend();
      const { reply, channel } = await askWithTools(stage, 5, workflows.oneToolRound);
      const first = await webhookOfRound(backend, reply.channel_id, 0);
      expect((await backend.callback(first, resultsFor(first))).status).toBe(200);
      await channel.ended;
      expect(channel.frames.at(-1)).toMatchObject({ status: 'error', error: { code: 'tool_rounds_exceeded' } });
      const failed = await backend.webhook(reply.channel_id, 'task.failed');
      expect(failed.json()).toMatchObject({ error: { code: 'tool_rounds_exceeded', details: { rounds: 1 } } });
    });
  });
}

function chainFlows(test: Test): void {
  describe('a callback that names the next workflow', () => {
    test('goes on in the same channel, until a standard workflow ends the chain with its answer', async (stage) => {
      const backend = await stage.backend();
      const reply = await stage.api.ask({ workflow, metadata: { order: 7 } });
      const channel = await stage.browser(reply);
      const goOn = (name: string, metadata: object) => ({
        continue: { workflow: name, messages: [{ role: 'user', content: `Now ${name}` }], metadata },
      });
      const first = await webhookOfRound(backend, reply.channel_id, 0);
      expect(await backend.callback(first, goOn('no-such-workflow', {}))).toMatchObject({
        status: 404,
        body: { error: { code: 'model_not_found', param: 'continue.workflow' } },
      });
      expect((await backend.callback(first, goOn(workflows.oneToolRound, { step: 2 }))).body).toMatchObject({
        status: 'success',
        round: 1,
      });
      const second = await webhookOfRound(backend, reply.channel_id, 1);
      expect(second.json()).toMatchObject({
        workflow: workflows.oneToolRound,
        stage: 2,
        customer_data: { order: 7, step: 2 },
      });
      expect((await backend.callback(second, goOn('demo', { step: 3 }))).status).toBe(200);

      await channel.ended;
      expect(channel.frames.map(({ status }) => status)).toEqual(['ai_generated', 'ai_generated', 'success']);
      expect(channel.frames.at(-1)).toMatchObject({
        content: expect.stringContaining('Now demo'),
        customer_data: { order: 7, step: 3 },
        meta: { workflow: 'demo', status: 'success' },
      });
      const completed = await backend.webhook(reply.channel_id, 'task.completed');
      expect(completed.json()).toMatchObject({ workflow: 'demo', round: 2, stage: 3 });
      const { state, timeline } = await stage.api.request(reply.channel_id);
      expect(state).toBe('success');
      const stages = timeline.filter(({ kind }) => kind === 'request');
      expect(stages).toMatchObject([
        { stage: 1, workflow },
        { stage: 2, workflow: workflows.oneToolRound },
        { stage: 3, workflow: 'demo' },
      ]);
    });
  });
}

function approvalFlows(test: Test): void {
  describe('a backend that takes its time', () => {
    test('is reminded while its callback is awaited, and may answer the reminder', async (stage) => {
      const backend = await stage.backend();
      const picky = await stage.backend({ events: ['task.ai_generated'] });
      const reply = await stage.api.ask({ workflow: workflows.reminding });
      const channel = await stage.browser(reply);
      const asked = await webhookOfRound(backend, reply.channel_id, 0);
      const { data, callback_url: callbackUrl } = asked.json<WebhookBody>();
      const reminders = [];
      for (const number of [1, 2]) {
        const reminder = await backend.webhook(reply.channel_id, 'task.reminder');
        expect(reminder.json()).toMatchObject({
          reminder: { number, waiting_since: expect.any(String), deadline: expect.any(String) },
          data,
          callback_url: callbackUrl,
          callback_required: true,
        });
        reminders.push(reminder);
      }
      const [, last] = reminders;
      if (!last) throw new Error('No reminder came.');
      expect((await backend.callback(last, { data: { approved: true } })).body).toMatchObject({ status: 'success' });
      await channel.ended;
      expect(channel.frames.at(-1)).toMatchObject({ status: 'completed', data: { approved: true } });
      const { timeline } = await stage.api.request(reply.channel_id);
      const told = timeline.filter(({ kind }) => kind === 'reminder');
      expect(told).toMatchObject([
        { number: 1, color: 'amber' },
        { number: 2, color: 'amber' },
      ]);
      expect(picky.webhooksOf(reply.channel_id)).toHaveLength(1);
    });
  });
}

async function askWithTools(stage: Stage, rounds: number, name: string = workflow) {
  const reply = await stage.api.ask({ workflow: name, tools: [weatherTool], metadata: { tool_rounds: rounds } });
  return { reply, channel: await stage.browser(reply) };
}

/** The webhook of one answer of a request; it may come more than once. */
const webhookOfRound = (backend: Backend, channel: string, round: number): Promise<ReceivedRequest> =>
  backend.receiver.next((request) => {
    const body = request.json<WebhookBody>();
    return body.channel_id === channel && body.type === 'task.ai_generated' && (body.round ?? 0) === round;
  });
