import type {
  AskedQuestion,
  LongPollPeers,
  PeerAnswer,
  PeerAsk,
  PeerQuestion,
  PeerSubscription,
} from '../long-poll-peers.port.js';

/** Hubs of one process that ask one another. */
export class InMemoryLongPollPeers implements LongPollPeers {
  private readonly hubs = new Map<string, (question: AskedQuestion) => void>();
  /** Questions so far. */
  asked = 0;
  /** Whether answers get through. */
  connected = true;

  serve(hub: string, onQuestion: (question: AskedQuestion) => void): PeerSubscription {
    this.hubs.set(hub, onQuestion);
    return { close: () => void this.hubs.delete(hub) };
  }

  async ask(hub: string, question: PeerQuestion, { limitMs, signal }: PeerAsk): Promise<PeerAnswer> {
    const onQuestion = this.hubs.get(hub);
    if (signal.aborted) return { kind: 'unknown' };
    if (!onQuestion) return { kind: 'gone' };
    this.asked += 1;
    const settled = Promise.withResolvers<boolean>();
    const answered = Promise.withResolvers<PeerAnswer>();
    const giveUp = (): void => {
      settled.resolve(false);
      answered.resolve({ kind: 'unknown' });
    };
    const limit = setTimeout(giveUp, limitMs);
    signal.addEventListener('abort', giveUp, { once: true });
    onQuestion({
      ...question,
      answer: (body) => {
        if (!this.connected) return;
        answered.resolve({ kind: 'answered', body: Buffer.from(body), settle: settled.resolve });
      },
      gone: () => answered.resolve({ kind: 'gone' }),
      onSettled: (listener) => void settled.promise.then(listener),
    });
    const answer = await answered.promise;
    clearTimeout(limit);
    signal.removeEventListener('abort', giveUp);
    return answer;
  }
}
