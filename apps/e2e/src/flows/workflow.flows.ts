import { describe, expect } from '@jest/globals';
import type { Test } from '../support/stage.js';

interface SavedWorkflow {
  readonly version: number;
  readonly model: string;
  readonly warnings: readonly { readonly code: string }[];
}

const aName = (): string => `wf_${crypto.randomUUID().slice(0, 8)}`;
const example = { title: 'A sample', stars: 3, tags: ['a'] };
const testDelayMs = 400;

/** What a saved workflow decides, and what becomes of its changes. */
export function workflowFlows(test: Test): void {
  describe('a workflow', () => {
    test('in testing answers from its sample data after its delay, and calls nobody', async (stage) => {
      const { api } = stage;
      const name = aName();
      const { id } = await api.must<{ id: string }>('POST', '/v1/structured-outputs', { name, schema: example });
      const saved = await api.must<SavedWorkflow>('POST', '/v1/workflows', {
        name,
        provider: 'openai',
        model: 'gpt-4o',
        structured_output_id: id,
        mode: 'testing',
        test_delay_ms: testDelayMs,
      });
      expect(saved.warnings).toMatchObject([{ code: 'missing_credentials' }]);
      const asked = performance.now();
      const reply = await api.ask({ workflow: name, metadata: { order: 'o-1' } });
      expect(reply.test_mode).toBe(true);
      const frame = await (await stage.browser(reply)).next();
      expect(performance.now() - asked).toBeGreaterThanOrEqual(testDelayMs);
      expect(frame).toMatchObject({
        status: 'success',
        data: example,
        customer_data: { order: 'o-1' },
        meta: { provider: 'Testing', model: 'test-mode', test_mode: true, structured_output: true },
      });
      expect(await api.request(reply.channel_id)).toMatchObject({ environment: 'test', state: 'success' });
    });

    test('that allows it answers offline in the shape of its schema when every provider fails', async (stage) => {
      const { api } = stage;
      const name = aName();
      const { id } = await api.must<{ id: string }>('POST', '/v1/structured-outputs', { name, schema: example });
      const providers = { provider: 'openai', model: 'gpt-4o', fallbacks: [{ provider: 'xai', model: 'grok-4' }] };
      await api.must('POST', '/v1/workflows', { name, ...providers, structured_output_id: id, offline_fallback: true });
      const reply = await api.ask({ workflow: name });
      expect(await (await stage.browser(reply)).next()).toMatchObject({
        status: 'success',
        data: { title: expect.any(String), stars: expect.any(Number), tags: expect.any(Array) },
        meta: { offline_fallback: true, structured_output: true, requested_provider: 'openai' },
      });
      const { timeline } = await api.request(reply.channel_id);
      expect(timeline.filter(({ kind }) => kind === 'failover')).toMatchObject([
        { provider: 'openai', error: 'Provider credentials not configured' },
        { provider: 'xai', error: 'Provider credentials not configured' },
      ]);
      expect(timeline).toContainEqual(expect.objectContaining({ kind: 'request', offline_fallback: true }));

      await api.must('PATCH', `/v1/workflows/${name}`, { offline_fallback: false });
      const refused = await api.ask({ workflow: name });
      expect(await (await stage.browser(refused)).next()).toMatchObject({
        status: 'error',
        error: { message: expect.stringContaining('Provider credentials not configured') },
      });
    });

    test('is noted in each request with the version that was in use, and goes back to an earlier one', async (stage) => {
      const { api } = stage;
      const name = aName();
      const versionOf = async (): Promise<unknown> => {
        const reply = await api.ask({ workflow: name });
        await (await stage.browser(reply)).next();
        const { timeline, ...request } = await api.request(reply.channel_id);
        expect(timeline).toContainEqual(
          expect.objectContaining({ kind: 'request', workflow_version: request.workflow_version }),
        );
        return request.workflow_version;
      };
      await api.must('POST', '/v1/workflows', { name, provider: 'offline', model: 'small' });
      expect(await versionOf()).toBe(1);
      await api.must('PATCH', `/v1/workflows/${name}`, { model: 'large' });
      expect(await versionOf()).toBe(2);
      const restored = await api.must<SavedWorkflow>('POST', `/v1/workflows/${name}/rollback`, { version: 1 });
      expect(restored).toMatchObject({ version: 3, model: 'small' });
      expect(await versionOf()).toBe(3);
      expect(await api.must('GET', `/v1/workflows/${name}/versions/2/diff/3`)).toEqual({
        from: 2,
        to: 3,
        changes: [{ path: '/model', from: 'large', to: 'small' }],
      });
    });

    test('that cannot work is not saved, and each field is named', async ({ api }) => {
      const { status, body } = await api.call<{ error: { details: { param: string }[] } }>('POST', '/v1/workflows', {
        name: aName(),
        provider: 'opnai',
        model: 'gpt-4o',
        parameters: { model: 'other' },
      });
      expect([status, body.error.details.map(({ param }) => param)]).toEqual([400, ['provider', 'parameters.model']]);
    });
  });
}
