import { FakeReceiver } from '@headrace/testing';
import type { ApiClient } from './api-client.js';

const chunk = (delta: Record<string, unknown>, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-held',
    object: 'chat.completion.chunk',
    created: 1_763_700_000,
    model: 'held',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

interface Answer {
  readonly words: string[];
  isDone: boolean;
  /** Resolves when something of the above changes. */
  changed: PromiseWithResolvers<void>;
}

const anAnswer = (): Answer => ({ words: [], isDone: false, changed: Promise.withResolvers() });

/** An AI provider whose streamed answers go on when the test says so: one text for all requests that it has got. */
export class HeldAnswers {
  /** Name of the provider and of the workflow that uses it. */
  static readonly workflow = 'held';
  #current: Answer = anAnswer();

  private constructor(private readonly receiver: FakeReceiver) {
    receiver.answerAlways(() => ({
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      pieces: this.#answer(),
    }));
  }

  /** Starts the provider, and makes a workflow that uses it, for the project of a key. Call `stop` in `afterAll`. */
  static async start(api: ApiClient): Promise<HeldAnswers> {
    const receiver = await FakeReceiver.start();
    const answers = new HeldAnswers(receiver);
    const { workflow: name } = HeldAnswers;
    await api.must('POST', '/v1/provider-credentials', { provider: name, base_url: `${receiver.url}/v1` });
    await api.must('POST', '/v1/workflows', { name, provider: name, model: 'held', stream: true });
    return answers;
  }

  /** All that was said of the answer. */
  get text(): string {
    return this.#current.words.join('');
  }

  /** Requests that come from now on get another answer. */
  begin(): void {
    this.#current = anAnswer();
  }

  /** Goes on with the answer. */
  say(word: string): void {
    this.#current.words.push(word);
    this.#wake();
  }

  /** Ends the answer. */
  finish(): void {
    this.#current.isDone = true;
    this.#wake();
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  #wake(): void {
    const { changed } = this.#current;
    this.#current.changed = Promise.withResolvers();
    changed.resolve();
  }

  async *#answer(): AsyncGenerator<string> {
    const answer = this.#current;
    yield chunk({ role: 'assistant', content: '' });
    for (let told = 0; ;) {
      for (; told < answer.words.length; told += 1) yield chunk({ content: answer.words[told] });
      if (answer.isDone) break;
      await answer.changed.promise;
    }
    yield chunk({}, 'stop');
    yield 'data: [DONE]\n\n';
  }
}
