import { describe, expect, it } from '@jest/globals';
import { aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import type { ChannelFeed } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import type { AdmittedRequest } from '../accept/request-acceptor.js';
import type { RequestCanceller } from '../cancel/request.canceller.js';
import { AnswerWaits } from './answer-waits.js';

const project = '0198d6a0-0000-7000-8000-000000000001';
const channel = '0198d6a0-0000-7000-a000-000000000001';

describe('an end that was never told', () => {
  it('is found in the log by whoever has waited for long', async () => {
    const log = new InMemoryEventLog();
    const silence = { close: () => undefined };
    const deaf = { subscribe: () => silence, onReconnect: () => silence } as unknown as ChannelFeed;
    const waits = new AnswerWaits(log, deaf, {} as RequestCanceller);
    const wait = waits.begin({ project, channel, repeatable: true } as unknown as AdmittedRequest);
    const { context } = anAcceptedRequest();
    const end = { context, generation: aGeneration(), output: anOutput(), callback: null };
    await log.append(
      { project, channel, aggregate: 'request' },
      { type: 'request.completed', data: { ...end, completedAt: '2026-01-01T00:00:02.000Z' } },
    );
    waits.look();
    waits.look();
    expect(await wait.ended).toMatchObject({ status: 'completed', output: anOutput() });
    expect(waits.size).toBe(0);
    waits.look();
  });
});
