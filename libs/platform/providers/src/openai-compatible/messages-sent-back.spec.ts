import { describe, expect, it } from '@jest/globals';
import type { ChatMessage, JsonObject } from '@headrace/contracts';
import { azurePreset } from '../azure-openai/azure-openai.provider.js';
import { weatherCall } from '../testing/generation-request.fixtures.js';
import { messagesSentBack } from './messages-sent-back.js';
import { anyAddressPreset, providerPresets, type ProviderPreset } from './provider-presets.js';

const presetOf = (name: string): ProviderPreset =>
  name === 'azure-openai' ? azurePreset(null) : (providerPresets[name] ?? anyAddressPreset);

/** An answer of some provider as a server gets it back. */
function sentBack(provider: string, message: JsonObject): JsonObject {
  const question = { role: 'user', content: 'Hello' };
  const answer = { role: 'assistant', content: 'Hi', ...message } as ChatMessage;
  const [first, second] = messagesSentBack([question, answer], presetOf(provider));
  expect(first).toBe(question);
  return second as JsonObject;
}

const everything = ['refusal', 'annotations', 'audio', 'function_call', 'reasoning', 'reasoning_content'];

describe('an answer that a conversation sends back', () => {
  it.each([
    ['openai', ['refusal', 'audio', 'function_call']],
    ['azure-openai', ['refusal', 'audio', 'function_call']],
    ['groq', ['reasoning']],
    ['mistral', []],
    ['deepseek', everything],
    ['my-server', everything],
  ])('has what %s takes: %j', (provider, taken) => {
    const told = Object.fromEntries(everything.map((name) => [name, null]));
    expect(Object.keys(sentBack(provider, told))).toEqual(['role', 'content', ...taken]);
  });

  it.each(['openai', 'mistral', 'my-server'])('has nothing that only another API understands: %s', (provider) => {
    const signed = weatherCall('abcdefghi', '{}', {
      extra_content: { google: { thought_signature: 'sig', model: 'gemini-3.7-flash' } },
    });
    const answer = {
      ...{ thinking_blocks: [{ type: 'thinking' }], thinking_model: 'claude-opus-5-5', tool_plan: 'I will look.' },
      ...{ reasoning_items: [{ type: 'reasoning' }], tool_calls: [signed] },
    };
    expect(sentBack(provider, answer)).toEqual({
      ...{ role: 'assistant', content: 'Hi', tool_calls: [weatherCall('abcdefghi', '{}')] },
    });
  });

  it('has what is a gateway’s own', () => {
    const call = weatherCall('a', '{}', { extra_content: { google: { thought_signature: 'sig' } } });
    const answer = { thinking_blocks: [{ type: 'thinking' }], tool_calls: [call] };
    expect(sentBack('my-server', answer)).toMatchObject(answer);
  });
});

describe('ids of tool calls', () => {
  const written: JsonObject[] = [
    { role: 'assistant', content: null, tool_calls: [weatherCall('call_1', '{}'), weatherCall('AbC123xyz', '{}')] },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
    { role: 'tool', tool_call_id: 'AbC123xyz', content: 'sun' },
  ];
  const messages = written as ChatMessage[];

  it('have the form that Mistral takes, the same in a call and its result', () => {
    const [answer, first, second] = messagesSentBack(messages, presetOf('mistral')) as JsonObject[];
    const [one, other] = answer?.tool_calls as JsonObject[];
    expect(one?.id).toMatch(/^[a-z0-9]{9}$/);
    expect([first?.tool_call_id, second?.tool_call_id]).toEqual([one?.id, other?.id]);
    expect(other?.id).toBe('AbC123xyz');
  });

  it('stay as they are elsewhere', () => {
    expect(messagesSentBack(messages, presetOf('openai'))).toEqual(messages);
  });
});
