import { describe, expect, it } from '@jest/globals';
import { requestAccepted } from '@headrace/contracts';
import { aProject, aWorkflow } from '@headrace/http/testing';
import { GatewaySettings } from '../gateway.config.js';
import { AsyncRequestDto } from './async-request.dto.js';
import { resolveRequest } from './resolve-request.js';

const at = '2026-01-01T00:00:00.000Z';
const messages = [{ role: 'user', content: 'Hello' }];
const schema = { type: 'object', properties: { title: { type: 'string' } } };
const saved = { id: 's1', name: 'article', schema, sampleData: { title: 'Sample' } };

const workflows = [
  aWorkflow(),
  aWorkflow({
    name: 'full',
    provider: 'openai',
    model: 'gpt-4o',
    timeoutMs: 9_000,
    fallbacks: [
      { provider: 'mistral', model: 'large', timeoutMs: 4_000 },
      { provider: 'offline', model: 'any', timeoutMs: null },
    ],
    systemInstructions: 'Be brief.',
    structuredOutput: saved,
    eventName: 'article_ready',
    callbackTimeoutSeconds: 7_200,
    offlineFallback: true,
    parameters: { temperature: 0.2, vendor_switch: true },
  }),
  aWorkflow({ name: 'testing', mode: 'testing', testDelayMs: 700 }),
  aWorkflow({ name: 'cached', cacheFields: ['metadata.user.id', 'messages.0.content', 'order_no', 'inputs.missing'] }),
];
const project = aProject({}, workflows);

const resolve = (body: object) =>
  resolveRequest(Object.assign(new AsyncRequestDto(), { messages, ...body }), project, new GatewaySettings(), at);

describe('resolving a request', () => {
  it('takes provider and model inline, with the default limits', () => {
    expect(resolve({ provider: 'openai', model: 'gpt-4o' })).toEqual({
      context: {
        workflow: 'openai/gpt-4o',
        eventName: null,
        customerData: {},
        environment: 'live',
        testMode: false,
        acceptedAt: at,
        callbackWindowMs: 300_000,
        webhookUrl: null,
      },
      plan: {
        targets: [{ provider: 'openai', model: 'gpt-4o', timeoutMs: 60_000 }],
        systemInstructions: null,
        structuredOutput: null,
        parameters: {},
        offlineFallback: false,
        testDelayMs: 0,
      },
      messages,
    });
  });

  it('takes everything from the workflow, which wins over provider and model', () => {
    const { context, plan } = resolve({ workflow: 'full', provider: 'xai', model: 'grok' });
    expect(context).toMatchObject({ workflow: 'full', eventName: 'article_ready', callbackWindowMs: 7_200_000 });
    expect(plan).toEqual({
      targets: [
        { provider: 'openai', model: 'gpt-4o', timeoutMs: 9_000 },
        { provider: 'mistral', model: 'large', timeoutMs: 4_000 },
        { provider: 'offline', model: 'any', timeoutMs: 9_000 },
      ],
      systemInstructions: 'Be brief.',
      structuredOutput: { name: 'article', schema, sampleData: { title: 'Sample' } },
      parameters: { temperature: 0.2, vendor_switch: true },
      offlineFallback: true,
      testDelayMs: 0,
      repairs: 1,
    });
  });

  it('always gives an event that the catalogue takes', () => {
    const bodies = [
      { provider: 'a', model: 'b', events: ['x'], user_id: 7, webhook_url: 'https://example.com' },
      { workflow: 'full', test_mode: true, temperature: null, metadata: null },
      { workflow: 'cached', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }], name: 'n' }] },
    ];
    for (const body of bodies) expect(requestAccepted.violations(resolve(body))).toEqual([]);
  });

  it('refuses a workflow that the project does not have', () => {
    expect(() => resolve({ workflow: 'nope' })).toThrow(
      expect.objectContaining({ code: 'model_not_found', details: [expect.objectContaining({ param: 'workflow' })] }),
    );
    expect(() => resolve({ workflow: 'constructor' })).toThrow(expect.objectContaining({ code: 'model_not_found' }));
  });
});

describe('what a workflow says of its limits', () => {
  const limited = aWorkflow({
    version: 7,
    retry: { attempts: 3, initialSeconds: 0.5, factor: 2, maxSeconds: 10 },
    maxConcurrent: 4,
    cacheSeconds: 60,
    priority: 'low',
    expiresAfterSeconds: 90,
    stream: true,
  });
  const resolveLimited = (body: object) =>
    resolveRequest(
      Object.assign(new AsyncRequestDto(), { messages, workflow: 'demo', ...body }),
      aProject({}, [limited]),
      new GatewaySettings(),
      at,
    );

  it('goes into the plan and the context, with the version that was in use', () => {
    const { plan, context } = resolveLimited({});
    expect(plan).toMatchObject({
      retry: { attempts: 3, initialMs: 500, factor: 2, maxMs: 10_000 },
      maxConcurrent: 4,
      cacheSeconds: 60,
    });
    expect(context).toMatchObject({
      workflowVersion: 7,
      priority: 'low',
      stream: true,
      expiresAt: '2026-01-01T00:01:30.000Z',
    });
    expect(requestAccepted.violations(resolveLimited({}))).toEqual([]);
  });

  it('gives way to what the request says', () => {
    const { context } = resolveLimited({ priority: 'high', expires_after_seconds: 10, stream: false });
    expect(context).toMatchObject({ priority: 'high', expiresAt: '2026-01-01T00:00:10.000Z', stream: false });
  });

  it('is left out where it goes without saying', () => {
    const { plan, context } = resolveLimited({ workflow: null, provider: 'a', model: 'b', priority: 'normal' });
    for (const field of ['workflowVersion', 'priority', 'expiresAt', 'stream'])
      expect(context).not.toHaveProperty(field);
    for (const field of ['retry', 'repairs', 'maxConcurrent', 'cacheSeconds']) expect(plan).not.toHaveProperty(field);
  });

  it.each([
    [1, {}],
    [2, { repairAttempts: 2 }],
    [undefined, { repairAttempts: 0 }],
  ])('lets an answer of a schema be mended %s time(s): %j', (repairs, fields) => {
    const project = aProject({}, [aWorkflow({ structuredOutput: saved, ...fields })]);
    const body = Object.assign(new AsyncRequestDto(), { messages, workflow: 'demo' });
    expect(resolveRequest(body, project, new GatewaySettings(), at).plan.repairs).toBe(repairs);
  });
});

describe('the event name', () => {
  it.each([
    ['the first of events', { provider: 'a', model: 'b', events: ['first', 'second'] }, 'first'],
    ['that of the workflow before events', { workflow: 'full', events: ['other'] }, 'article_ready'],
    ['none for empty events', { workflow: 'demo', events: [] }, null],
    ['none without events', { workflow: 'demo' }, null],
  ])('is %s', (_, body, eventName) => {
    expect(resolve(body).context.eventName).toBe(eventName);
  });
});

describe('test mode', () => {
  it('is asked for by the request', () => {
    const { context, plan } = resolve({ workflow: 'demo', test_mode: true });
    expect(context).toMatchObject({ testMode: true, environment: 'test' });
    expect(plan.testDelayMs).toBe(0);
  });

  it('is that of a workflow in testing, with its delay', () => {
    const { context, plan } = resolve({ workflow: 'testing', test_mode: false });
    expect(context).toMatchObject({ testMode: true, environment: 'test' });
    expect(plan.testDelayMs).toBe(700);
  });
});

describe('provider parameters', () => {
  it('are the OpenAI ones of the request, over those of the workflow', () => {
    const given = { temperature: 0.9, max_tokens: 20, seed: 1, tools: [{ type: 'function' }], tool_choice: 'auto' };
    expect(resolve({ workflow: 'full', ...given }).plan.parameters).toEqual({ ...given, vendor_switch: true });
  });

  it("are neither ours nor the client's own fields, which a provider would refuse", () => {
    const other = {
      stream: true,
      format: 'wrapped',
      delivery_method: 'websocket',
      order_no: 5,
      inputs: {},
      user_id: 'u',
    };
    expect(resolve({ workflow: 'demo', ...other }).plan.parameters).toEqual({});
  });

  it('keep a response format without a schema', () => {
    const { plan } = resolve({ workflow: 'demo', response_format: { type: 'json_object' } });
    expect(plan.parameters).toEqual({ response_format: { type: 'json_object' } });
    expect(plan.structuredOutput).toBeNull();
  });
});

describe('structured output inline', () => {
  it.each([
    ['structured_output_schema', { structured_output_schema: schema }, 'response'],
    [
      'response_format as OpenAI has it',
      { response_format: { type: 'json_schema', json_schema: { name: 'post', schema } } },
      'post',
    ],
    ['response_format as a bare schema', { response_format: { ...schema, title: 'bare' } }, 'bare'],
  ])('is taken from %s, in place of the saved one', (_, body, name) => {
    const { structuredOutput, parameters } = resolve({ workflow: 'full', ...body }).plan;
    expect(structuredOutput).toMatchObject({ name, schema, sampleData: null });
    expect(parameters).not.toHaveProperty('response_format');
  });
});

describe('an example in the place of an inline schema', () => {
  const example = { title: 'My post', views: 0 };
  const converted = {
    type: 'object',
    properties: { title: { type: 'string' }, views: { type: 'number' } },
    required: ['title', 'views'],
    additionalProperties: false,
  };

  it.each([
    ['structured_output_schema', { structured_output_schema: example }, 'response'],
    ['response_format', { response_format: example }, 'response'],
    [
      'json_schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'post', schema: example } } },
      'post',
    ],
  ])('in %s becomes the schema, and the answer of test mode', (_, body, name) => {
    const { structuredOutput } = resolve({ workflow: 'full', ...body }).plan;
    expect(structuredOutput).toEqual({ name, schema: converted, sampleData: example });
  });
});

describe('customer data', () => {
  it('is metadata with user_id and task_id when no cache fields are set', () => {
    const body = { workflow: 'demo', metadata: { plan: 'pro', user_id: 'inner' }, user_id: 'u1', task_id: 9 };
    expect(resolve(body).context.customerData).toEqual({ plan: 'pro', user_id: 'u1', task_id: 9 });
  });

  it('is the cache fields under their full paths, those that are there', () => {
    const body = { workflow: 'cached', metadata: { user: { id: 'u1' }, plan: 'pro' }, order_no: 5, user_id: 'u2' };
    expect(resolve(body).context.customerData).toEqual({
      'metadata.user.id': 'u1',
      'messages.0.content': 'Hello',
      order_no: 5,
    });
  });

  it('never reads what an object merely inherits', () => {
    const inherited = aProject({}, [aWorkflow({ cacheFields: ['metadata.constructor.name', 'toString'] })]);
    const body = Object.assign(new AsyncRequestDto(), { messages, workflow: 'demo', metadata: {} });
    expect(resolveRequest(body, inherited, new GatewaySettings(), at).context.customerData).toEqual({});
  });
});
