import { describe, expect, it } from '@jest/globals';
import { aiRunnerConsumer, requestAccepted, requestFailed, timelineConsumer } from '@headrace/contracts';
import { Handles, HandlesBatch } from '@headrace/event-log';
import { byConsumer, handlersOf } from './find-handlers.js';

class Runner {
  readonly handled: string[] = [];

  @Handles(aiRunnerConsumer, requestAccepted)
  async generate({ id }: { id: string }): Promise<void> {
    this.handled.push(id);
  }

  @Handles(aiRunnerConsumer, requestFailed)
  async forget(): Promise<void> {}

  async notAHandler(): Promise<void> {}
}

class Rival {
  @Handles(aiRunnerConsumer, requestFailed, requestAccepted)
  async generate(): Promise<void> {}
}

class Projector {
  @HandlesBatch(timelineConsumer)
  async write(): Promise<void> {}

  @Handles(timelineConsumer, requestFailed)
  async alsoFailed(): Promise<void> {}
}

const methods = ['generate', 'forget', 'notAHandler', 'write', 'alsoFailed', 'missing'];

describe('finding handlers', () => {
  it('takes decorated methods only, bound to their instance', async () => {
    const runner = new Runner();
    const found = handlersOf(runner, methods);
    expect(found.map(({ name }) => name)).toEqual(['Runner.generate', 'Runner.forget']);
    await found[0]?.call({ id: 'event-1' });
    expect(runner.handled).toEqual(['event-1']);
  });

  it('puts the handlers of one consumer together', () => {
    const [handled, ...others] = byConsumer(handlersOf(new Runner(), methods));
    expect(handled?.consumer).toBe(aiRunnerConsumer);
    expect(handled?.handlers).toHaveLength(2);
    expect(others).toEqual([]);
  });

  it('refuses two handlers of one event in a consumer, naming both', () => {
    const both = [...handlersOf(new Runner(), methods), ...handlersOf(new Rival(), methods)];
    expect(() => byConsumer(both)).toThrow('Runner.generate and Rival.generate claim the same messages');
  });

  it('refuses a batch handler that shares its consumer', () => {
    expect(() => byConsumer(handlersOf(new Projector(), methods))).toThrow('Projector.write and Projector.alsoFailed');
  });
});
