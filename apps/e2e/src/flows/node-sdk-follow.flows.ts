import { describe, expect } from '@jest/globals';
import { textOf, type ChannelEvent, type ChannelState, type Headrace } from '@headrace/node';
import type { Mode } from '../support/system.js';
import type { Test } from '../support/stage.js';
import { sdkOf } from '../support/node-sdk.js';
import { workflows } from '../support/workflows.js';

const messages = [{ role: 'user', content: 'Tell me a story of a river that turns a wheel, in many words and twice.' }];
/** An answer that is told piece by piece, and takes its time. */
const askSlowly = (headrace: Headrace, chunkMs = 60) =>
  headrace.trigger({ workflow: 'demo', stream: true, messages, metadata: { chunks: 20, chunk_delay_ms: chunkMs } });

/** Servers that follow requests with our own SDK for Node. */
export function nodeSdkFollowFlows(test: Test, mode: Mode): void {
  describe('the SDK for Node, following a request', () => {
    test('tells its text and its states in order, and then ends', async (stage) => {
      const headrace = sdkOf(stage);
      const { channel_id: channel } = await askSlowly(headrace);
      const told = await read(headrace.requests.events(channel));
      const { result } = await headrace.requests.wait(channel, { withinMs: 30_000 });
      if (result.status !== 'success') throw new Error(result.status);
      expect(told.states).toEqual([result]);
      expect(told.pieces).toBeGreaterThan(3);
      expect(told.text).toBe(result.content);
      expect(textOf(result.data)).toBe(result.content);
    });

    test('goes on after the event that the reader has, and knows when there is nothing more', async (stage) => {
      const headrace = sdkOf(stage);
      const { channel_id: channel } = await askSlowly(headrace, 200);
      let [text, lastEventId] = ['', ''];
      for await (const event of headrace.requests.events(channel)) {
        if (event.event === 'tokens') text += event.data.data;
        lastEventId = event.id;
        if (text.length > 20) break;
      }
      const rest = await read(headrace.requests.events(channel, { lastEventId }));
      const [state] = rest.states;
      if (state?.status !== 'success') throw new Error(state?.status);
      expect(text + rest.text).toBe(state.content);
      expect(await read(headrace.requests.events(channel, { lastEventId: rest.lastEventId }))).toMatchObject({
        states: [],
        text: '',
      });
    });

    test('hears that the AI has answered, and what the backend called back with', async (stage) => {
      const headrace = sdkOf(stage);
      const { channel_id: channel } = await headrace.trigger({ workflow: workflows.eventDriven, messages });
      const callbackUrl = `${stage.system.urlOf('callback-service')}/v1/callback/${channel}`;
      const states = [];
      for await (const event of headrace.requests.events<{ choices: object[] }>(channel)) {
        if (event.event !== 'response') continue;
        states.push(event.data.status);
        if (event.data.status === 'ai_generated') await headrace.callbacks.complete(callbackUrl, { id: 'row-1' });
        if (event.data.status === 'completed') {
          expect(event.data.data).toEqual({ id: 'row-1' });
          expect(event.data.ai_response.data.choices).toHaveLength(1);
        }
      }
      expect(states).toEqual(['ai_generated', 'completed']);
    });

    if (mode === 'one') return;
    test('outlives the death of the process that it asks', async (stage) => {
      const headrace = sdkOf(stage);
      const { channel_id: channel } = await askSlowly(headrace, 200);
      const waited = headrace.requests.wait(channel, { withinMs: 50_000 });
      const begun = Promise.withResolvers<void>();
      const followed = read(headrace.requests.events(channel), begun.resolve);
      await begun.promise;
      await stage.system.kill('gateway');
      await stage.system.start();
      const { result } = await waited;
      if (result.status !== 'success') throw new Error(result.status);
      const told = await followed;
      expect(told.states).toEqual([result]);
      // What was generated meanwhile is in the result.
      expect(result.content?.startsWith(told.text)).toBe(true);
    });
  });
}

/** Reads all that is told; `onText` hears of the first piece. */
async function read(events: AsyncIterable<ChannelEvent>, onText?: () => void): Promise<Told> {
  const told: Told = { states: [], text: '', pieces: 0, lastEventId: '' };
  for await (const event of events) {
    told.lastEventId = event.id;
    if (event.event === 'response') told.states.push(event.data);
    if (event.event !== 'tokens') continue;
    const { data, index } = event.data;
    told.text = index === 0 ? data : told.text + data;
    told.pieces += 1;
    onText?.();
  }
  return told;
}

/** What a reader was told. */
interface Told {
  readonly states: ChannelState[];
  text: string;
  pieces: number;
  lastEventId: string;
}
