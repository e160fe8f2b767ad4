import { expect } from '@jest/globals';
import type { Backend } from './backend.js';
import { isFinal, type Frame } from './browser.js';
import type { Followed } from './request-stream.js';
import type { Stage } from './stage.js';

/**
 * What must hold for every accepted request whatever was killed meanwhile: one end state, told alike by every frame
 * and by the API, and every webhook delivered, if repeatedly then with the same bytes and ids. `answers`: how often
 * the AI answers each request, once more after each round of tool results.
 */
export async function expectNothingLost(
  stage: Stage,
  backend: Backend,
  followed: readonly Followed[],
  end: 'completed' | 'callback_timeout',
  answers = 1,
): Promise<void> {
  for (const { reply, frames } of followed) {
    const channel = reply.channel_id;
    const finals = [...frames, ...(await framesOfLateJoin(stage, { reply, frames }))].filter(isFinal);
    const [final] = finals;
    if (!final) throw new Error(`${channel} has no final frame.`);
    expect(final.error?.code ?? final.status).toBe(end);
    for (const other of finals) expect(other).toEqual(final);

    const deliveries = await stage.deliveries(channel, ({ status }) => status === 'success');
    const generated = Array.from({ length: answers }, () => 'task.ai_generated');
    const types = end === 'completed' ? generated : [...generated, 'task.failed'];
    expect(deliveries.map(({ type }) => type)).toEqual(types);
    const { result, timeline } = await stage.api.request(channel);
    expect(result).toEqual(JSON.parse(JSON.stringify(final)));
    expect(timeline.filter(({ kind }) => kind === 'request')).toMatchObject(
      generated.map((_, round) => ({ status: 'success', round })),
    );
    expect(timeline.filter(({ kind, accepted }) => kind === 'callback' && accepted)).toHaveLength(answers);
    expectSameBytes(backend, channel, types.length);
  }
}

async function framesOfLateJoin(stage: Stage, { reply }: Followed): Promise<readonly Frame[]> {
  const channel = await stage.browser(reply);
  await channel.ended;
  channel.drop();
  return channel.frames;
}

function expectSameBytes(backend: Backend, channel: string, messages: number): void {
  const byMessage = Map.groupBy(backend.webhooksOf(channel), ({ headers }) => String(headers['webhook-id']));
  expect(byMessage.size).toBe(messages);
  for (const received of byMessage.values()) {
    expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['mr-delivery-id'])).size).toBe(1);
  }
}
