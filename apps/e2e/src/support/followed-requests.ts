import { expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Backend } from './backend.js';
import { distinctStates, follow, followerNames, textOf, type Follower, type FollowerName } from './followers.js';
import { HeldAnswers } from './held-answers.js';
import type { Stage } from './stage.js';
import { workflows } from './workflows.js';

const timeoutMs = 30_000;

/** Each client so many times, so that neither those at even places nor those at odd ones are always the same. */
const inTurn = (clients: readonly FollowerName[], times: number): FollowerName[] =>
  Array.from({ length: times }, (_, turn) => [...clients.slice(turn % 2), ...clients.slice(0, turn % 2)]).flat();

/** Requests in their middle, each followed by one of the real clients: some wait for a backend, some for text. */
export class FollowedRequests {
  private constructor(
    private readonly backend: Backend,
    private readonly answers: HeldAnswers,
    /** Whose answers are being told. */
    readonly told: readonly Follower[],
    /** Whose backends have not called back. */
    readonly waiting: readonly Follower[],
  ) {}

  /** Asks for so many of each kind and each client. Resolves once every client was told something. */
  static async start(
    stage: Stage,
    answers: HeldAnswers,
    each: { readonly told: number; readonly waiting: number },
    clients = followerNames,
  ): Promise<FollowedRequests> {
    const backend = await stage.backend();
    answers.begin();
    const ask = (workflow: string, count: number): Promise<Follower[]> =>
      Promise.all(
        inTurn(clients, count).map(async (client) => follow(stage, client, await stage.api.ask({ workflow }))),
      );
    const told = await ask(HeldAnswers.workflow, each.told);
    const waiting = await ask(workflows.eventDriven, each.waiting);
    const requests = new FollowedRequests(backend, answers, told, waiting);
    await requests.say('It ');
    await waitFor(() => waiting.every(({ states }) => states.length > 0), { timeoutMs, what: 'the first states' });
    return requests;
  }

  get all(): readonly Follower[] {
    return [...this.told, ...this.waiting];
  }

  /** Goes on with the answers, and waits until every client has heard. */
  async say(word: string): Promise<void> {
    this.answers.say(word);
    const { text } = this.answers;
    await waitFor(() => this.told.every((follower) => textOf(follower) === text), {
      timeoutMs,
      what: `everybody hears "${text}", not ${JSON.stringify(this.told.map(textOf))}`,
    });
  }

  /** Ends every request, and waits until every client knows. */
  async end(): Promise<void> {
    this.answers.finish();
    await Promise.all(
      this.waiting.map(async ({ reply: { channel_id: channel } }) => {
        const { status } = await this.backend.callback(await this.backend.webhook(channel), { data: { id: channel } });
        expect(status).toBe(200);
      }),
    );
    await waitFor(() => this.all.every(({ hasEnded }) => hasEnded), { timeoutMs, what: 'everybody knows the end' });
  }

  /** Every client has its one end, and the text in order from its beginning as often as it was told. */
  expectAllDelivered(): void {
    const { text } = this.answers;
    for (const follower of this.all) {
      const { reply, hasFailed, tellings, states, client } = follower;
      const isTold = this.told.includes(follower);
      const expected = isTold ? ['success'] : ['ai_generated', 'completed'];
      const stated = distinctStates(follower);
      expect({ client, hasFailed, stated }).toEqual({
        client,
        hasFailed: false,
        stated: expected.map((status) => `${reply.channel_id} ${status}`),
      });
      // Ours tells repetitions by itself.
      if (client === '@headrace/client') expect(states).toHaveLength(stated.length);
      if (isTold) expect(states.at(-1)).toMatchObject({ content: text });
      else expect(states.at(-1)).toMatchObject({ data: { id: reply.channel_id } });
      for (const telling of tellings) {
        expect(telling.map(({ index }) => index)).toEqual([...telling.keys()]);
        expect(isTold && text.startsWith(telling.map(({ data }) => data).join(''))).toBe(true);
      }
      expect(textOf(follower)).toBe(isTold ? text : '');
    }
  }
}
