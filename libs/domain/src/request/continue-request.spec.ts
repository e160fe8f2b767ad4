import { describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import {
  aCallback,
  accept,
  aGeneration,
  anAcceptedRequest,
  anOutput,
  answer,
  aStage,
  aStageCallback,
  aToolCallingOutput,
  aToolResultCallback,
  callBack,
  callbackDeadline,
  calledBackAt as at,
  run,
  toStage,
} from '../testing/index.js';
import type { RequestCommand } from './request.commands.js';
import { requestDecider } from './request.decider.js';
import { mostStages, usualToolRounds } from './request.progress.js';

const eventDriven = anAcceptedRequest({ eventName: 'ready' });
const decide = (...commands: RequestCommand[]) => run(requestDecider, commands);
const typesOf = ({ events }: { events: RequestEvent[] }) => events.map(({ type }) => type.replace('request.', ''));
const lastOf = ({ events }: { events: RequestEvent[] }) => events.at(-1);

describe('a callback with tool results', () => {
  it('continues the conversation: the calls, then their results in the order of the calls', () => {
    const results = aToolResultCallback(['b', 'a']);
    const story = decide(accept(), answer(aToolCallingOutput('a', 'b')), callBack(results));
    expect(lastOf(story)).toEqual({
      type: 'request.continued',
      data: {
        context: {
          ...eventDriven.context,
          progress: {
            round: 1,
            stage: 1,
            toolRounds: 1,
            answered: [results.fingerprint],
            earlier: { promptTokens: 3, completionTokens: 5, costUsd: null, durationMs: 12 },
          },
        },
        plan: eventDriven.plan,
        messages: [
          { role: 'user', content: 'Hello' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'a', type: 'function', function: { name: 'tool_a', arguments: '{}' } },
              { id: 'b', type: 'function', function: { name: 'tool_b', arguments: '{}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'a', content: '{"found":"a"}' },
          { role: 'tool', tool_call_id: 'b', content: '{"found":"b"}' },
        ],
        round: 1,
        reason: 'tool_results',
        callback: results,
        continuedAt: results.receivedAt,
      },
    });
  });

  it('leaves it to the model which tools it calls next, when it was forced to call one', () => {
    const plan = { ...eventDriven.plan, parameters: { tool_choice: 'required', tools: [{ type: 'function' }] } };
    const calls = [answer(aToolCallingOutput('a')), callBack(aToolResultCallback(['a']))];
    const story = decide(accept({ ...eventDriven, plan }), ...calls);
    expect(lastOf(story)).toMatchObject({ data: { plan: { parameters: { tools: [{ type: 'function' }] } } } });
    expect(lastOf(story)).not.toHaveProperty('data.plan.parameters.tool_choice');
  });

  it.each([
    ['a call has no result', ['a']],
    ['a result answers no call', ['a', 'b', 'c']],
    ['a call has two results', ['a', 'b', 'b']],
  ])('changes nothing when %s', (_, ids) => {
    const story = decide(accept(), answer(aToolCallingOutput('a', 'b')), callBack(aToolResultCallback(ids)));
    expect(typesOf(story)).toEqual(['accepted', 'generated']);
  });

  it('changes nothing when the model called no tools', () => {
    const story = decide(accept(), answer(anOutput()), callBack(aToolResultCallback([])));
    expect(typesOf(story)).toEqual(['accepted', 'generated']);
  });

  it('is followed by the next answer, which may be the final one: it goes to the backend like the first', () => {
    const story = decide(
      accept(),
      answer(aToolCallingOutput('a')),
      callBack(aToolResultCallback(['a'])),
      answer(anOutput({ data: { answer: 43 } })),
      callBack(aCallback()),
    );
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'continued', 'generated', 'completed']);
    expect(lastOf(story)).toMatchObject({
      data: { callback: aCallback(), output: { data: { answer: 43 } }, context: { progress: { round: 1 } } },
    });
  });

  it('may be answered with data instead, which ends the request', () => {
    const story = decide(accept(), answer(aToolCallingOutput('a')), callBack(aCallback()));
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'completed']);
  });

  it('sums up what all answers have cost', () => {
    const paid = aGeneration({ costUsd: 0.5 });
    const round = (id: string) => [answer(aToolCallingOutput(id), paid), callBack(aToolResultCallback([id]))];
    const story = decide(accept(), ...round('a'), ...round('b'));
    const earlier = { promptTokens: 6, completionTokens: 10, costUsd: 1, durationMs: 24 };
    expect(lastOf(story)).toMatchObject({ data: { context: { progress: { round: 2, toolRounds: 2, earlier } } } });
  });

  it('fails the request, saying so, when the model calls tools after the last round that it may', () => {
    const rounds = (maximum: number) =>
      Array.from({ length: maximum + 3 }, (_, n) => [
        answer(aToolCallingOutput(`${n}`)),
        callBack(aToolResultCallback([`${n}`])),
      ]).flat();
    const own = decide(accept({ ...eventDriven, plan: { ...eventDriven.plan, maxToolRounds: 2 } }), ...rounds(2));
    expect(typesOf(own).filter((type) => type === 'continued')).toHaveLength(2);
    expect(lastOf(own)).toMatchObject({
      type: 'request.failed',
      data: { code: 'tool_rounds_exceeded', details: { rounds: 2 }, output: aToolCallingOutput('2') },
    });
    const usual = decide(accept(), ...rounds(usualToolRounds));
    expect(lastOf(usual)).toMatchObject({ data: { code: 'tool_rounds_exceeded', details: { rounds: 8 } } });
  });

  it('plays no part in a standard request, whose answer may be a tool call', () => {
    const story = decide(accept(anAcceptedRequest()), answer(aToolCallingOutput('a')));
    expect(typesOf(story)).toEqual(['accepted', 'completed']);
  });
});

describe('a callback that is sent again', () => {
  const asked = [accept(), answer(aToolCallingOutput('a')), callBack(aToolResultCallback(['a']))];

  it('does nothing, before and after the next answer', () => {
    const again = callBack(aToolResultCallback(['a']));
    const story = decide(...asked, again, answer(aToolCallingOutput('a')), again);
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'continued', 'generated']);
  });

  it('counts for the round that it names, also with the same body', () => {
    const again = callBack(aToolResultCallback(['a']), { round: 1 });
    const story = decide(...asked, answer(aToolCallingOutput('a')), again);
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'continued', 'generated', 'continued']);
  });

  it.each([0, 2])('does nothing when it names round %i while round 1 runs', (round) => {
    const story = decide(...asked, answer(anOutput()), callBack(aCallback(), { round }));
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'continued', 'generated']);
  });
});

describe('a callback that names the next workflow', () => {
  it('goes on with it in the same request, which it keeps the customer data of', () => {
    const context = { workflowVersion: 3, expiresAt: at, reminderMs: 5, webhookUrl: 'https://example.com/' };
    const first = anAcceptedRequest({ eventName: 'ready', ...context });
    const story = decide(accept(first), answer(anOutput()), toStage());
    expect(lastOf(story)).toEqual({
      type: 'request.continued',
      data: {
        context: {
          ...anAcceptedRequest({ webhookUrl: 'https://example.com/' }).context,
          workflow: 'second',
          eventName: 'second_ready',
          customerData: { user: 'u1', step: 2 },
          callbackWindowMs: 60_000,
          progress: {
            round: 1,
            stage: 2,
            toolRounds: 0,
            answered: ['on to second'],
            earlier: { promptTokens: 3, completionTokens: 5, costUsd: null, durationMs: 12 },
          },
        },
        plan: aStage().plan,
        messages: aStage().messages,
        round: 1,
        reason: 'stage',
        callback: aStageCallback(),
        continuedAt: at,
      },
    });
  });

  it('ends with the answer when the last workflow is a standard one', () => {
    const story = decide(accept(), answer(anOutput()), toStage({ eventName: null }), answer(anOutput()));
    expect(typesOf(story)).toEqual(['accepted', 'generated', 'continued', 'completed']);
    expect(lastOf(story)).toMatchObject({ data: { callback: null, context: { workflow: 'second' } } });
  });

  it('stays in test mode once it is, and is a test from then on', () => {
    const one = decide(accept(), answer(anOutput()), toStage({ testMode: true }));
    expect(lastOf(one)).toMatchObject({ data: { context: { testMode: true, environment: 'test' } } });
    const tested = anAcceptedRequest({ eventName: 'ready', testMode: true, environment: 'pg_test_mode' });
    const other = decide(accept(tested), answer(anOutput()), toStage());
    expect(lastOf(other)).toMatchObject({ data: { context: { testMode: true, environment: 'pg_test_mode' } } });
  });

  it('gives each stage all its rounds of tool results', () => {
    const story = decide(
      accept(),
      answer(aToolCallingOutput('a')),
      callBack(aToolResultCallback(['a'])),
      answer(anOutput()),
      toStage(),
    );
    expect(lastOf(story)).toMatchObject({ data: { context: { progress: { round: 2, stage: 2, toolRounds: 0 } } } });
  });

  it('changes nothing once the request has had all the stages that it may', () => {
    const stages = Array.from({ length: mostStages + 5 }, (_, n) => [
      answer(anOutput()),
      toStage({}, aStageCallback('second', { fingerprint: `${n}` })),
    ]);
    const story = decide(accept(), ...stages.flat());
    expect(story.state).toMatchObject({ status: 'generated', context: { progress: { stage: mostStages } } });
  });

  it('fails like any other when its providers fail, or when nobody wants it any more', () => {
    const began = [accept(), answer(anOutput()), toStage()];
    const failure: RequestCommand = {
      type: 'recordGenerationFailure',
      generation: null,
      message: 'It was down.',
      details: {},
      at,
    };
    expect(lastOf(decide(...began, failure))).toMatchObject({ data: { code: 'provider_failed', output: null } });
    expect(lastOf(decide(...began, { type: 'cancel', at }))).toMatchObject({
      data: { code: 'cancelled', output: null },
    });
  });

  it('has a deadline of its own: one of an earlier round ends nothing', () => {
    const late: RequestCommand = { type: 'expireCallback', at: callbackDeadline };
    expect(decide(accept(), answer(anOutput()), toStage(), late).state.status).toBe('continued');
  });
});
