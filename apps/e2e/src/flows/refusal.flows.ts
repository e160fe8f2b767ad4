import { describe, expect } from '@jest/globals';
import { anAsk, type CallOptions } from '../support/api-client.js';
import type { Stage, Test } from '../support/stage.js';
import type { ErrorAnswer } from '../support/wire.js';

const path = '/v1/ai/async';

/** Requests that are not taken (CONTRACT section 1). */
export function refusalFlows(test: Test): void {
  const refused = (stage: Stage, body: unknown, options: CallOptions = {}) =>
    stage.api.call<ErrorAnswer>('POST', path, body, options);

  describe('a request', () => {
    test('without a good key is refused with 401', async (stage) => {
      const body = anAsk({ workflow: 'demo' });
      for (const key of [null, '', 'mr_live_nobody']) {
        expect(await refused(stage, body, { key })).toMatchObject({
          status: 401,
          body: { error: { type: 'authentication_error', code: 'invalid_api_key' } },
        });
      }
    });

    test('of another project is not shown', async ({ api, system }) => {
      const { channel_id: channel } = await api.ask({ workflow: 'demo' });
      const key = await system.newProjectKey('Readers');
      expect(await api.call('GET', `/v1/requests/${channel}`, undefined, { key })).toMatchObject({
        status: 403,
        body: { error: { type: 'permission_error' } },
      });
      expect((await api.call('GET', `/v1/requests/${crypto.randomUUID()}`)).status).toBe(404);
    });

    test('for an unknown workflow, or one of another project, is refused with 404', async (stage) => {
      expect(await refused(stage, anAsk({ workflow: 'nowhere' }))).toMatchObject({
        status: 404,
        body: { error: { code: 'model_not_found' } },
      });
      const key = await stage.system.newProjectKey('Without workflows');
      expect((await refused(stage, anAsk({ workflow: 'demo' }), { key })).status).toBe(404);
    });

    test('that is not JSON is refused with 400, and with 415 when it does not claim to be', async (stage) => {
      expect(await refused(stage, undefined, { raw: '{"workflow": "demo",' })).toMatchObject({
        status: 400,
        body: { error: { type: 'invalid_request_error' } },
      });
      const headers = { 'Content-Type': 'text/plain' };
      expect((await refused(stage, undefined, { raw: 'workflow=demo', headers })).status).toBe(415);
    });

    test('with wrong fields is told all of them, the first one by name', async (stage) => {
      const { status, body } = await refused(stage, { workflow: 7, messages: 'Hello', metadata: [], max_tokens: 0 });
      expect(status).toBe(400);
      expect(body.message).toBe(body.error.message);
      expect(body.error.type).toBe('invalid_request_error');
      const named = body.error.details?.map(({ param }) => param) ?? [];
      expect(named).toEqual(expect.arrayContaining(['workflow', 'messages', 'metadata', 'max_tokens']));
      expect(body.error.param).toBe(named[0]);
    });

    test('with neither workflow nor model, or without messages, is refused with 400', async (stage) => {
      for (const body of [
        anAsk({}),
        anAsk({ provider: 'offline' }),
        { workflow: 'demo' },
        { ...anAsk({}), messages: [] },
      ]) {
        expect((await refused(stage, body)).status).toBe(400);
      }
    });

    test('over the size limit is refused with 413, and one just below it is taken', async (stage) => {
      const sized = (bytes: number) => {
        const body = anAsk({ workflow: 'demo', context: '' });
        return { ...body, context: 'x'.repeat(bytes - JSON.stringify(body).length) };
      };
      const limit = 1024 * 1024;
      expect(await refused(stage, sized(limit + 1))).toMatchObject({
        status: 413,
        body: { error: { code: 'payload_too_large' } },
      });
      expect((await refused(stage, sized(limit))).status).toBe(200);
    });

    test('may carry fields that nobody knows', async (stage) => {
      const body = anAsk({ workflow: 'demo', something_new: { deep: [1] }, delivery_method: 'websocket' });
      expect((await refused(stage, body)).status).toBe(200);
    });
  });

  describe('an unknown path', () => {
    test('is answered with an error of the usual shape', async ({ api }) => {
      const answer = await api.call<ErrorAnswer>('GET', '/v1/nothing-here');
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      expect(answer.body.message).toBe(answer.body.error.message);
    });
  });
}
