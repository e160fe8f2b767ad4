import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Stage, Test } from '../support/stage.js';
import { workflows } from '../support/workflows.js';

/** An answer that takes its time: enough for a browser to join in its middle. */
const slowly = { chunks: 20, chunk_delay_ms: 60 };

const askSlowly = ({ api }: Stage, workflow: string = 'demo') =>
  api.ask({
    workflow,
    stream: true,
    metadata: slowly,
    messages: [{ role: 'user', content: 'Tell me a story of a river that turns a wheel, in many words and twice.' }],
  });

/** Text of answers on the socket while they are generated. */
export function tokensFlows(test: Test): void {
  describe('an answer that is told while it is generated', () => {
    test('grows on the socket, comes to the whole answer, and never after it', async (stage) => {
      const channel = await stage.browser(await askSlowly(stage));
      const frame = await channel.next();
      await channel.ended;
      expect(frame).toMatchObject({ status: 'success', content: channel.text });
      expect(channel.tokens.length).toBeGreaterThan(3);
      expect(channel.tokens.map(({ index }) => index)).toEqual([...channel.tokens.keys()]);
      expect(channel.tokens.every(({ responsesBefore }) => responsesBefore === 0)).toBe(true);
    });

    test('is the same for a browser that comes in its middle, or again after its connection was lost', async (stage) => {
      const reply = await askSlowly(stage);
      const first = await stage.browser(reply);
      await waitFor(() => first.tokens.length >= 3, { everyMs: 5 });
      const second = await stage.browser(reply, '1.0.0');
      await waitFor(() => second.tokens.length > 0, { everyMs: 5 });
      first.drop();
      const again = await stage.browser(reply);
      for (const late of [second, again]) {
        expect(await late.next()).toMatchObject({ status: 'success', content: late.text });
        expect(late.tokens.map(({ index }) => index)).toEqual([...late.tokens.keys()]);
      }
    });

    test('ends with the state that says so, while the backend is awaited', async (stage) => {
      const backend = await stage.backend();
      const reply = await askSlowly(stage, workflows.eventDriven);
      const channel = await stage.browser(reply);
      expect(await channel.next()).toMatchObject({ status: 'ai_generated' });
      const { text } = channel;
      expect(text.length).toBeGreaterThan(20);
      await backend.callback(await backend.webhook(reply.channel_id), { data: { id: 'row-1' } });
      expect(await channel.next()).toMatchObject({ status: 'completed' });
      expect(channel.text).toBe(text);
    });

    test('is not told where nobody asked for it and it comes at once', async (stage) => {
      const channel = await stage.browser(await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 50 } }));
      await channel.next();
      expect(channel.tokens).toEqual([]);
    });
  });
}
