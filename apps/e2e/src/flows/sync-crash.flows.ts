import { describe, expect } from '@jest/globals';
import { anAsk } from '../support/api-client.js';
import { contentOf, eventsOf } from '../support/event-stream.js';
import type { Stage, Test } from '../support/stage.js';

/** Answers on the connection when a process dies; in six processes, where the caller's own lives on. */
export function syncCrashFlows(test: Test): void {
  describe('when the process that generates is killed', () => {
    /** Kills it once the answer has begun, and starts it again. */
    async function killed({ api, system }: Stage, body: object): Promise<string> {
      const response = await fetch(`${api.url}/v1/ai`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(anAsk({ workflow: 'demo', ...body })),
        signal: AbortSignal.timeout(50_000),
      });
      await system.kill('ai-runner');
      await system.start();
      return response.text();
    }

    test('a stream goes on with the same answer', async (stage) => {
      const metadata = { chunks: 20, chunk_delay_ms: 200 };
      const events = eventsOf(await killed(stage, { stream: true, metadata }));
      expect(events.at(-1)).toBe('[DONE]');
      const whole = await stage.api.must<{ choices: { message: { content: string } }[] }>(
        'POST',
        '/v1/ai',
        anAsk({ workflow: 'demo' }),
      );
      expect(contentOf(events)).toBe(whole.choices[0]?.message.content);
    });
  });
}
