import { randomUUID } from 'node:crypto';
import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Stage, Test } from '../support/stage.js';

/** What the timeline tells of an attempt that failed. */
interface Failover {
  readonly kind: 'failover';
  readonly provider: string;
  readonly attempt_kind: 'first' | 'retry' | 'repair';
  readonly error_code: string | null;
  readonly retry_at: string | null;
  readonly content: string | null;
}

/** How a request comes to its answer when its provider does not give a good one at once. */
export function generationFlows(test: Test): void {
  describe('a provider that fails for a moment', () => {
    test('is tried again, and each attempt is on the timeline', async (stage) => {
      const workflow = await aWorkflow(stage, { retry: { attempts: 3 } });
      const metadata = { error: 429, fail_times: 2, retry_after_ms: 1_000 };
      const reply = await stage.api.ask({ workflow, metadata });
      expect(await (await stage.browser(reply)).next()).toMatchObject({
        status: 'success',
        meta: { attempts: [{ success: false }, { success: false }, { success: true }] },
      });
      expect(await failovers(stage, reply.channel_id)).toMatchObject([
        { provider: 'offline', attempt_kind: 'first', error_code: 'rate_limited', retry_at: expect.any(String) },
        { provider: 'offline', attempt_kind: 'retry', error_code: 'rate_limited', retry_at: expect.any(String) },
      ]);
    });

    test('gives way to the next one when it is not there', async (stage) => {
      const fallbacks = [{ provider: 'offline', model: 'fallback' }];
      const workflow = await aWorkflow(stage, { model: 'primary', fallbacks });
      const reply = await stage.api.ask({ workflow, metadata: { fail_times: 1 } });
      expect(await (await stage.browser(reply)).next()).toMatchObject({
        status: 'success',
        meta: { requested_model: 'primary', used_model: 'fallback' },
      });
    });
  });

  describe('an answer that does not fit its schema', () => {
    test('is mended by its model', async (stage) => {
      const workflow = await aWorkflow(stage, { structured_output_id: await aSchema(stage), repair_attempts: 1 });
      const metadata = { error: 'invalid_json', repair_after: 1 };
      const reply = await stage.api.ask({ workflow, metadata });
      expect(await (await stage.browser(reply)).next()).toMatchObject({
        status: 'success',
        data: { title: expect.any(String) },
      });
      expect(await failovers(stage, reply.channel_id)).toMatchObject([
        { error_code: 'structured_output_invalid', content: expect.stringContaining('not JSON') },
      ]);
    });

    test('is shown to the app when nobody mends it', async (stage) => {
      const workflow = await aWorkflow(stage, { structured_output_id: await aSchema(stage), repair_attempts: 1 });
      const reply = await stage.api.ask({ workflow, metadata: { error: 'invalid_json' } });
      const frame = await (await stage.browser(reply)).next();
      expect(frame).toMatchObject({ status: 'error', error: { code: 'structured_output_invalid' } });
      expect(JSON.stringify(frame)).toContain('not JSON');
      expect(await failovers(stage, reply.channel_id)).toMatchObject([
        { attempt_kind: 'first' },
        { attempt_kind: 'repair' },
      ]);
    });
  });

  describe('a request that is cancelled', () => {
    test('has the call of its provider given up', async (stage) => {
      const workflow = await aWorkflow(stage, { stream: true });
      const reply = await stage.api.ask({ workflow, metadata: { chunks: 10, chunk_delay_ms: 50_000 } });
      const browser = await stage.browser(reply);
      await waitFor(() => browser.tokens.length > 0, { everyMs: 5, what: 'the answer has begun' });
      await stage.api.must('POST', `/v1/requests/${reply.channel_id}/cancel`);
      expect(await browser.next()).toMatchObject({ error: { code: 'cancelled' } });
      const told = async () => {
        const attempts = await failovers(stage, reply.channel_id);
        return attempts.length > 0 && attempts;
      };
      // Had it not been given up, it would be told after the test's time.
      expect(await waitFor(told, { timeoutMs: 10_000, what: 'the call is given up' })).toMatchObject([
        { error_code: 'aborted' },
      ]);
    });
  });
}

/** A workflow of the offline provider; resolves to its name. */
async function aWorkflow({ api }: Stage, fields: Record<string, unknown>): Promise<string> {
  const name = `generation_${randomUUID().slice(0, 8)}`;
  await api.must('POST', '/v1/workflows', { name, provider: 'offline', model: 'e2e', ...fields });
  return name;
}

async function aSchema({ api }: Stage): Promise<string> {
  const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
  const name = `card_${randomUUID().slice(0, 8)}`;
  return (await api.must<{ id: string }>('POST', '/v1/structured-outputs', { name, schema })).id;
}

/** The failed attempts of a request. They are told before its end, so whoever saw that finds them all. */
async function failovers({ api }: Stage, channel: string): Promise<Failover[]> {
  const { timeline } = await api.must<{ timeline: readonly { kind: string }[] }>('GET', `/v1/requests/${channel}`);
  return timeline.filter((entry): entry is Failover => entry.kind === 'failover');
}
