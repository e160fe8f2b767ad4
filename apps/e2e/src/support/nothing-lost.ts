import { expect } from '@jest/globals';
import type { Backend } from './backend.js';
import { isFinal, type Frame } from './browser.js';
import type { Followed } from './request-stream.js';
import type { Stage } from './stage.js';

/**
 * What must hold for every accepted request whatever was killed meanwhile: one end state, told alike by every frame
 * and by the API, and every webhook delivered, if repeatedly then with the same bytes and ids.
 */
export async function expectNothingLost(
  stage: Stage,
  backend: Backend,
  followed: readonly Followed[],
  end: 'completed' | 'callback_timeout',
): Promise<void> {
  for (const { reply, frames } of followed) {
    const channel = reply.channel_id;
    const finals = [...frames, ...(await framesOfLateJoin(stage, { reply, frames }))].filter(isFinal);
    const [final] = finals;
    if (!final) throw new Error(`${channel} has no final frame.`);
    expect(final.error?.code ?? final.status).toBe(end);
    for (const other of finals) expect(other).toEqual(final);

    const deliveries = await stage.deliveries(channel, ({ status }) => status === 'success');
    const types = end === 'completed' ? ['task.ai_generated'] : ['task.ai_generated', 'task.failed'];
    expect(deliveries.map(({ type }) => type)).toEqual(types);
    const { result, timeline } = await stage.api.request(channel);
    expect(result).toEqual(JSON.parse(JSON.stringify(final)));
    expect(timeline.filter(({ kind }) => kind === 'request')).toMatchObject([{ status: 'success' }]);
    expect(timeline.filter(({ kind, accepted }) => kind === 'callback' && accepted)).toHaveLength(1);
    for (const type of types) expectSameBytes(backend, channel, type);
  }
}

async function framesOfLateJoin(stage: Stage, { reply }: Followed): Promise<readonly Frame[]> {
  const channel = await stage.browser(reply);
  await channel.ended;
  channel.drop();
  return channel.frames;
}

function expectSameBytes(backend: Backend, channel: string, type: string): void {
  const received = backend.webhooksOf(channel).filter(({ body }) => body.includes(`"type":"${type}"`));
  expect(received.length).toBeGreaterThan(0);
  expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
  for (const header of ['webhook-id', 'mr-delivery-id']) {
    expect(new Set(received.map(({ headers }) => headers[header])).size).toBe(1);
  }
}
