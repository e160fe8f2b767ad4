import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { cohereEvents, cohereProviderWire, cohereWire } from '../testing/cohere-wire.fixtures.js';
import { failureOfCall, ProviderHarness, type CallOnItsWay } from '../testing/provider.harness.js';
import { dataEvent, streamAnswer } from '../testing/provider-wire.js';
import { CohereProvider } from './cohere.provider.js';

let harness: ProviderHarness;
beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const { begin, content, plan, addToCall, end } = cohereEvents;
const { request } = cohereProviderWire;
const generate = (message: JsonObject, more?: JsonObject): CallOnItsWay =>
  harness.generate(new CohereProvider(harness.remote), cohereWire.response(message, more), request);
const stream = (events: string[]): CallOnItsWay =>
  harness.stream(new CohereProvider(harness.remote), streamAnswer(events), request);

describe('Cohere’s answers', () => {
  it('are named after the model that was asked for, because they name none', async () => {
    const { body } = await generate({ content: [{ type: 'text', text: 'Hi' }] }).answer;
    expect(body.model).toBe('command-a-03-2025');
  });

  it('keep thoughts and plans, apart from the text', async () => {
    const thoughts: JsonObject[] = [
      { type: 'thinking', thinking: 'Let me see.' },
      { type: 'text', text: 'Hi' },
    ];
    const { body } = await generate({ content: thoughts }).answer;
    expect(body.choices).toMatchObject([{ message: { content: 'Hi', reasoning_content: 'Let me see.' } }]);
    const planned = generate(
      {
        tool_plan: 'I will look.',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { finish_reason: 'TOOL_CALL' },
    );
    expect((await planned.answer).body.choices).toMatchObject([
      { message: { content: null, tool_plan: 'I will look.' } },
    ]);
  });

  it('count the tokens that are not charged where no others are told', async () => {
    const usage = { tokens: { input_tokens: 3, output_tokens: 2 } };
    expect(await generate({ content: [{ type: 'text', text: 'Hi' }] }, { usage }).answer).toMatchObject({
      usage: { promptTokens: 3, completionTokens: 2 },
    });
    expect((await generate({ content: [{ type: 'text', text: 'Hi' }] }, { usage: null }).answer).usage).toBeNull();
  });
});

describe('Cohere’s streams', () => {
  it('keep thoughts and plans, and do not tell them', async () => {
    const { answer, told } = stream([
      begin,
      content('content-start', 0, { type: 'thinking', thinking: '' }),
      content('content-delta', 0, { thinking: 'Let me ' }),
      content('content-delta', 0, { thinking: 'see.' }),
      plan('A plan.'),
      content('content-start', 1, { type: 'text', text: 'H' }),
      content('content-delta', 1, { text: 'i' }),
      end('COMPLETE'),
    ]);
    expect((await answer).body.choices).toMatchObject([
      { message: { content: 'Hi', reasoning_content: 'Let me see.\nA plan.', tool_plan: 'A plan.' } },
    ]);
    expect(told).toEqual([{ content: 'H' }, { content: 'i' }]);
  });

  it.each<[string, string[], string]>([
    ['a piece of a call that never began', [begin, addToCall(3, '{}')], 'invalid_response'],
    ['an error without a type', [begin, dataEvent({ message: 'internal server error' })], 'provider_failed'],
  ])('tell of %s', async (_what, events, code) => {
    expect(await failureOfCall(stream(events).answer)).toMatchObject({ code, httpStatus: 200 });
  });
});
