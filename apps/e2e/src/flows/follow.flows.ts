import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { readEvents, RequestEvents, type BackendEvent, type Tokens } from '../support/event-source.js';
import type { Stage, Test } from '../support/stage.js';
import type { RequestView } from '../support/wire.js';
import { workflows } from '../support/workflows.js';

/** An answer that takes its time: enough to come in its middle. */
const askSlowly = ({ api }: Stage, workflow: string = 'demo') =>
  api.ask({
    workflow,
    stream: true,
    metadata: { chunks: 20, chunk_delay_ms: 60 },
    messages: [{ role: 'user', content: 'Tell me a story of a river that turns a wheel, in many words and twice.' }],
  });

const tokensOf = (events: readonly BackendEvent[]): Tokens[] =>
  events.filter(({ event }) => event === 'tokens').map(({ data }) => data as Tokens);
const textOf = (events: readonly BackendEvent[]): string =>
  tokensOf(events)
    .map(({ data }) => data)
    .join('');

/** A page that follows a request with an `EventSource`. */
function aPage(stage: Stage, reply: Awaited<ReturnType<typeof askSlowly>>): RequestEvents {
  const page = new RequestEvents(stage.api.url, reply);
  stage.atEnd(() => page.close());
  return page;
}

/** Following a request without a WebSocket. */
export function followFlows(test: Test): void {
  describe('a request that is waited for', () => {
    test('is answered when it ends, and at once when it has ended', async ({ api }) => {
      const { channel_id: channel } = await api.ask({ workflow: 'demo', metadata: { latency_ms: 300 } });
      for (const wait of ['10s', '10']) {
        const { status, body } = await api.call<RequestView>('GET', `/v1/requests/${channel}?wait=${wait}`);
        expect(status).toBe(200);
        expect(body).toMatchObject({ state: 'success', result: { status: 'success' } });
      }
    });

    test('is told as it is when the wait is over', async ({ api }) => {
      const { channel_id: channel } = await api.ask({ workflow: 'demo', metadata: { latency_ms: 3_000 } });
      const { body } = await api.call<RequestView>('GET', `/v1/requests/${channel}?wait=1s`);
      expect(body).toMatchObject({ state: 'pending', result: null });
    });

    test('is answered when the backend has called back', async (stage) => {
      const backend = await stage.backend();
      const { channel_id: channel } = await stage.api.ask({ workflow: workflows.eventDriven });
      const waited = stage.api.call<RequestView>('GET', `/v1/requests/${channel}?wait=10s`);
      await backend.callback(await backend.webhook(channel), { data: { id: 'row-1' } });
      expect((await waited).body).toMatchObject({ state: 'completed', result: { data: { id: 'row-1' } } });
    });
  });

  describe('a request that is followed by server-sent events', () => {
    test('tells an EventSource the text and the state, and then that it need not come again', async (stage) => {
      const reply = await askSlowly(stage);
      const page = aPage(stage, reply);
      await page.ended();
      const { result } = await stage.api.request(reply.channel_id);
      expect(page.frames).toEqual([result]);
      expect(page.tokens.length).toBeGreaterThan(3);
      expect(page.tokens.map(({ index }) => index)).toEqual([...page.tokens.keys()]);
      expect(page.text).toBe(page.frames[0]?.content);
      // The second time it was answered with 204.
      expect(page.opened).toBe(1);
    });

    test('is the same for who comes in its middle, and for who comes again after a lost connection', async (stage) => {
      const reply = await askSlowly(stage);
      const first = await readEvents(stage.api, reply.channel_id, {
        isEnough: ({ data }) => (data as Tokens).index === 2,
      });
      const late = aPage(stage, reply);
      await waitFor(() => late.tokens.length > 0, { everyMs: 5 });
      const rest = await readEvents(stage.api, reply.channel_id, { lastEventId: first.events.at(-1)?.id });
      const both = [...first.events, ...rest.events];
      const whole = rest.events.find(({ event }) => event === 'response')?.data;
      expect(whole).toMatchObject({ status: 'success', content: textOf(both) });
      expect(tokensOf(both).map(({ index }) => index)).toEqual([...tokensOf(both).keys()]);
      expect(rest.events.at(-1)).toEqual({ event: 'phx_close', data: {} });
      await waitFor(() => late.frames.length === 1);
      expect(late.frames[0]?.content).toBe(late.text);
    });

    test('tells every state that was missed, each once, and 204 to who knows the end', async (stage) => {
      const backend = await stage.backend();
      const { api } = stage;
      const { channel_id: channel } = await askSlowly(stage, workflows.eventDriven);
      const first = await readEvents(api, channel, { isEnough: ({ event }) => event === 'tokens' });
      await backend.callback(await backend.webhook(channel), { data: { id: 'row-1' } });
      await api.call('GET', `/v1/requests/${channel}?wait=10s`);
      const missed = await readEvents(api, channel, { lastEventId: first.events.at(-1)?.id });
      const states = missed.events.filter(({ event }) => event === 'response');
      expect(states.map(({ data }) => data)).toMatchObject([{ status: 'ai_generated' }, { status: 'completed' }]);
      expect(await readEvents(api, channel, { lastEventId: states.at(-1)?.id })).toEqual({ status: 204, events: [] });
    });
  });
}
