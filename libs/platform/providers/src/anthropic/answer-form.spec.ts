import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { wantedFormat } from '../chat/wanted-format.js';
import { aGenerationRequest, refusalOf, weatherTool, type Asked } from '../testing/generation-request.fixtures.js';
import { answerForm } from './answer-form.js';
import { anthropicRequest } from './anthropic.request.js';

const newest = 'claude-sonnet-5-5';
const older = 'claude-sonnet-4-5';
const old = 'claude-3-7-sonnet-latest';

/** The body that is sent for a request. */
function bodyOf(asked: Partial<Asked>): JsonObject {
  const request = aGenerationRequest('anthropic', { model: older, ...asked });
  return anthropicRequest(request, answerForm(wantedFormat(request), request.model), false);
}

describe('a structured answer of Anthropic’s models', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { name: { type: 'string', minLength: 2 }, tags: { type: 'array', items: { type: 'string' } } },
    required: ['name'],
  };

  it('is asked for natively, in the keywords that are known', () => {
    expect(bodyOf({ schema })).toMatchObject({
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string', description: '(minLength: 2)' },
              tags: { type: 'array', items: { type: 'string' } },
            },
            required: ['name'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it('comes by a tool that must be called where the model or the schema is not up to that', () => {
    const forced = {
      tools: [{ name: 'structured_answer', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'structured_answer' },
    };
    expect(bodyOf({ model: old, schema })).toMatchObject(forced);
    const map = { type: 'object', additionalProperties: { type: 'integer' } };
    expect(bodyOf({ schema: map })).toMatchObject({ tools: [{ input_schema: map }] });
  });

  it('is put under a name when it is no object', () => {
    expect(
      bodyOf({ schema: { type: 'array', items: { $ref: '#/$defs/a' }, $defs: { a: { type: 'string' } } } }),
    ).toMatchObject({
      tools: [
        {
          input_schema: {
            type: 'object',
            properties: { value: { type: 'array', items: { $ref: '#/$defs/a' } } },
            required: ['value'],
            $defs: { a: { type: 'string' } },
          },
        },
      ],
    });
  });

  it('is asked for in words where no tool can be forced', () => {
    const { system, tools } = bodyOf({ model: newest, schema: { type: 'array' } });
    expect(tools).toBeUndefined();
    expect(JSON.stringify(system)).toContain('JSON Schema');
  });

  it('has its schema looked through once, however often its parts refer to each other', () => {
    const twice = (index: number): JsonObject => ({
      type: 'object',
      properties: { a: { $ref: `#/$defs/d${index}` }, b: { $ref: `#/$defs/d${index}` } },
      required: ['a', 'b'],
    });
    const $defs: JsonObject = { d60: { type: 'string' } };
    for (let index = 0; index < 60; index++) $defs[`d${index}`] = twice(index + 1);
    expect(bodyOf({ schema: { ...twice(0), $defs } })).toHaveProperty('output_config.format');
  });

  it('is no strict one where a schema leads back to itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, additionalProperties: false };
    expect(bodyOf({ schema: { ...node, $defs: { node } } })).not.toHaveProperty('output_config');
  });

  it('leaves the model its tools', () => {
    const { tools, tool_choice } = bodyOf({ model: old, schema, parameters: { tools: [weatherTool] } });
    expect(tools).toMatchObject([{ name: 'weather' }, { name: 'structured_answer' }]);
    expect(tool_choice).toEqual({ type: 'any' });
  });

  it.each<[string, string, string]>([
    [older, 'prompt', 'system'],
    [older, 'json_mode', 'system'],
    [older, 'tool', 'tools'],
    [newest, 'tool', 'system'],
    ['my-claude', 'tool', 'tools'],
    [older, 'json_schema', 'output_config'],
  ])('may be asked for in a way of one’s own: %s by %s', (model, structured_output_mode, member) => {
    const body = bodyOf({ model, schema, parameters: { structured_output_mode } });
    expect(Object.keys(body).filter((key) => ['system', 'tools', 'output_config'].includes(key))).toEqual([member]);
  });

  it('is refused in a way that there is not', () => {
    expect(refusalOf(() => bodyOf({ schema, parameters: { structured_output_mode: 'yaml' } }))).toBe(
      'structured_output_mode must be one of json_schema, json_mode, tool, prompt. Correct it, or leave it out.',
    );
  });

  it('may be any object', () => {
    const { system } = bodyOf({ parameters: { response_format: { type: 'json_object' } } });
    expect(system).toMatchObject([{ text: expect.stringContaining('one JSON object') }]);
  });
});
