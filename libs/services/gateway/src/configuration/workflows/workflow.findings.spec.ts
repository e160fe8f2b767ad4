import { describe, expect, it } from '@jest/globals';
import { workflowDefaults, type ProviderCredential, type WorkflowDefinition } from '@headrace/project-store';
import { ProviderCatalogue } from '@headrace/providers';
import { workflowFindings } from './workflow.findings.js';

const credentials = new Map<string, ProviderCredential>(
  ['openai', 'anthropic', 'mistral', 'deepseek'].map((provider) => [
    provider,
    { provider, apiKey: 'key', baseUrl: null },
  ]),
);

const catalogue = new ProviderCatalogue();

const findings = (workflow: Partial<WorkflowDefinition>, access = credentials) =>
  workflowFindings(
    { ...workflowDefaults, name: 'demo', provider: 'offline', model: 'any', ...workflow },
    { catalogue, credentials: access },
  );

const fallback = (provider: string, model = 'any') => ({ provider, model, timeoutMs: null });

describe('what can be said of a workflow before it runs', () => {
  it('is nothing when all is well', () => {
    const workflow = {
      provider: 'openai',
      model: 'gpt-4o',
      fallbacks: [fallback('mistral', 'large'), fallback('offline')],
      parameters: { temperature: 0.2, max_tokens: 100, response_format: { type: 'json_object' }, own_word: 1 },
      retry: { attempts: 3, initialSeconds: 1, factor: 2, maxSeconds: 1 },
    };
    expect(findings(workflow)).toEqual([]);
  });

  it('is an error when it names a provider that does not exist, with those that do', () => {
    expect(findings({ provider: 'opnai', fallbacks: [fallback('offline'), fallback('toString')] })).toMatchObject([
      { severity: 'error', code: 'unknown_provider', param: 'provider', message: expect.stringContaining('openai') },
      { severity: 'error', code: 'unknown_provider', param: 'fallbacks.1.provider' },
    ]);
  });

  it("lets a server of the project's own be a provider", () => {
    const own = { provider: 'my-vllm', apiKey: null, baseUrl: 'https://vllm.example.com/v1' };
    expect(findings({ provider: 'my-vllm' }, new Map([['my-vllm', own]]))).toEqual([]);
  });

  it('is a warning when credentials are missing', () => {
    expect(findings({ fallbacks: [fallback('xai', 'grok-4')] })).toMatchObject([
      {
        severity: 'warning',
        code: 'missing_credentials',
        param: 'fallbacks.0.provider',
        message: expect.stringMatching(/^Provider credentials not configured/),
      },
    ]);
  });

  it('is a warning when a model is tried twice', () => {
    const workflow = { provider: 'openai', model: 'gpt-4o', fallbacks: [fallback('openai', 'gpt-4o')] };
    expect(findings(workflow)).toMatchObject([
      { severity: 'warning', code: 'repeated_target', param: 'fallbacks.0.model' },
    ]);
  });

  it.each([600, [900, 600]])('is a warning when the first reminder (%j) would come too late', (reminderSeconds) => {
    expect(findings({ reminderSeconds, callbackTimeoutSeconds: 600 })).toMatchObject([
      { severity: 'warning', code: 'contradiction', param: 'reminder_seconds' },
    ]);
    expect(findings({ reminderSeconds, callbackTimeoutSeconds: 601 })).toEqual([]);
  });

  it('is an error when no model takes a parameter, a warning when some do not', () => {
    const parameters = { temperature: 0 };
    const reasoning = { provider: 'openai', model: 'o3', parameters };
    expect(findings(reasoning)).toMatchObject([
      { severity: 'error', code: 'unsupported_parameter', param: 'parameters.temperature' },
    ]);
    expect(findings({ ...reasoning, fallbacks: [fallback('openai', 'gpt-4o')] })).toMatchObject([
      {
        severity: 'warning',
        message: 'parameters.temperature is not supported by o3 of openai. It is left out there.',
      },
    ]);
  });

  it('is an error when a model would refuse every call', () => {
    const workflow = {
      provider: 'openai',
      model: 'gpt-4o',
      fallbacks: [fallback('anthropic', 'claude-sonnet-4-5')],
      parameters: { n: 2 },
    };
    expect(findings(workflow)).toEqual(
      expect.arrayContaining([expect.objectContaining({ severity: 'error', param: 'fallbacks.0.model' })]),
    );
  });

  it.each<[string, Partial<WorkflowDefinition>]>([
    ['parameters.model', { parameters: { model: 'other' } }],
    ['parameters.messages', { parameters: { messages: [] } }],
    ['parameters.stream', { parameters: { stream: true } }],
    ['parameters.max_tokens', { parameters: { max_tokens: 1, max_completion_tokens: 2 } }],
    ['parameters.response_format', { parameters: { response_format: { type: 'text' } }, structuredOutputId: 'id' }],
    ['parameters.response_format', { parameters: { response_format: 'json' } }],
    ['parameters.response_format', { parameters: { response_format: { type: 'json_schema', json_schema: {} } } }],
    ['retry.max_seconds', { retry: { attempts: 2, initialSeconds: 5, factor: 1, maxSeconds: 4 } }],
  ])('is an error of %s when it contradicts itself: %j', (param, workflow) => {
    expect(findings(workflow)).toMatchObject([{ severity: 'error', code: 'contradiction', param }]);
  });
});
