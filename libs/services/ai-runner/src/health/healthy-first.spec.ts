import { describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { timelineOf } from '@headrace/domain';
import { openAiWire } from '@headrace/providers/testing';
import { anAccepted } from '../testing/ai-runner.harness.js';
import { mistral, openai, twoProviders } from '../testing/two-providers.js';
import { ProviderHealthSettings } from './health.settings.js';
import { ProviderHealth } from './provider-health.js';

const providers = twoProviders();
const sync = { sync: true };

describe('a workflow whose primary keeps failing', () => {
  it('is answered by its fallback first, and says so with the attempt and on the timeline', async () => {
    const { server } = providers;
    const order = new ProviderHealth(new ProviderHealthSettings(), new HeadraceSettings());
    const accepted = anAccepted({ targets: [openai, mistral] }, sync);
    for (let request = 0; request < 3; request += 1) {
      server.answerNext(openAiWire.serverError(), openAiWire.text('From the fallback'));
      await providers.aRunner({ order }).run(accepted);
    }
    expect(server.requests).toHaveLength(6);
    server.answerNext(openAiWire.text('From the fallback'));
    const runner = providers.aRunner({ order });
    const { data } = await runner.run(accepted);
    expect(server.requests).toHaveLength(7);
    expect(data).toMatchObject({
      generation: {
        requestedProvider: 'openai',
        usedProvider: 'mistral',
        attempts: [
          { provider: 'mistral', target: 1, outOfTurn: expect.stringMatching(/^openai failed 3 times in a row/) },
        ],
      },
    });
    const [entry] = timelineOf(runner.log.all);
    expect(entry).toMatchObject({ kind: 'request', order_changed: expect.stringMatching(/HTTP 500/) });
    order.onModuleDestroy();
  });

  it('still has the primary when the fallback fails too', async () => {
    const { server } = providers;
    const order = new ProviderHealth(
      Object.assign(new ProviderHealthSettings(), { failures: 1 }),
      new HeadraceSettings(),
    );
    const accepted = anAccepted({ targets: [openai, mistral] }, sync);
    server.answerNext(openAiWire.serverError(), openAiWire.text('From the fallback'));
    await providers.aRunner({ order }).run(accepted);
    server.answerNext(openAiWire.serverError(), openAiWire.text('From the primary'));
    const { data } = await providers.aRunner({ order }).run(accepted);
    expect(data).toMatchObject({
      output: { content: 'From the primary' },
      generation: { usedProvider: 'openai', attempts: [{ provider: 'mistral' }, { provider: 'openai', target: 0 }] },
    });
    order.onModuleDestroy();
  });
});
