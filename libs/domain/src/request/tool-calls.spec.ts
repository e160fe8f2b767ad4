import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { withToolResults } from './tool-calls.js';

const calls = [{ id: 'a', type: 'function', function: { name: 'tool_a', arguments: '{}' } }];
const outputOf = (more: JsonObject) => ({
  data: { choices: [{ message: { role: 'assistant', content: 'Let me look.', tool_calls: calls, ...more } }] },
  content: 'Let me look.',
});

describe('a conversation that goes on with tool results', () => {
  it('has the thoughts that a model wants back, and nothing else of what a provider told', () => {
    const thoughts = {
      thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 'sig' }],
      thinking_model: 'claude-opus-5-5',
      reasoning_content: 'hm',
    };
    const output = outputOf({ ...thoughts, refusal: null, annotations: [], tool_plan: null });
    expect(withToolResults([], output, [{ toolCallId: 'a', content: { sky: 'grey' } }])).toEqual([
      { role: 'assistant', content: 'Let me look.', ...thoughts, tool_calls: calls },
      { role: 'tool', tool_call_id: 'a', content: '{"sky":"grey"}' },
    ]);
  });
});
