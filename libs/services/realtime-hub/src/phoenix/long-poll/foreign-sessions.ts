import type { ServerResponse } from 'node:http';
import type { LongPollPeers } from '@headrace/event-log';
import type { LongPollTokenClaims } from '@headrace/secrets';
import { answer, answerBytes, pollStatus } from './long-poll-answer.js';

/** Milliseconds for which an answer may be on its way, besides the time that its poll may wait. */
const wayMs = 3_000;
/** Milliseconds within which the other hub takes what a client sends, a join that is being decided included. */
const publishLimitMs = 10_000;
const nothing = new Uint8Array();

/** What a client sends to a session. */
export interface ForeignBody {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** The sessions of other hubs, whose clients come to this one. */
export class ForeignSessions {
  private readonly asking = new Set<AbortController>();
  private isClosed = false;

  constructor(
    private readonly peers: LongPollPeers,
    private readonly windowMs: number,
  ) {}

  /** Answers a poll with what its hub answers; whether there still is that session. */
  async poll({ hub, session }: LongPollTokenClaims, token: string, response: ServerResponse): Promise<boolean> {
    const question = { kind: 'poll', session, contentType: '', body: nothing } as const;
    const found = await this.whileConnected(response, (signal) =>
      this.peers.ask(hub, question, { limitMs: this.windowMs + wayMs, signal }),
    );
    if (found.kind === 'gone') return false;
    if (found.kind === 'unknown') {
      // The frames, if any, are kept where they are: the next poll gets them, wherever it comes to.
      if (this.isClosed && !response.headersSent) response.setHeader('connection', 'close');
      answer(response, { messages: [], status: pollStatus.nothing, token });
      return true;
    }
    if (response.closed) found.settle(false);
    else response.once('close', () => found.settle(response.writableFinished));
    answerBytes(response, found.body);
    return true;
  }

  /** Brings what a client sends to the hub of its session, and answers as that does. */
  async publish({ hub, session }: LongPollTokenClaims, sent: ForeignBody, response: ServerResponse): Promise<void> {
    const question = { kind: 'publish', session, ...sent } as const;
    const found = await this.whileConnected(response, (signal) =>
      this.peers.ask(hub, question, { limitMs: publishLimitMs, signal }),
    );
    if (found.kind === 'answered') answerBytes(response, found.body);
    // Whether it was heard cannot be told, so the client begins a new session and joins again.
    else answer(response, { status: found.kind === 'gone' ? pollStatus.gone : pollStatus.tryAgain });
  }

  /** Lets go of all polls: their clients ask again, at a hub that goes on. */
  close(): void {
    this.isClosed = true;
    for (const controller of this.asking) controller.abort();
  }

  private async whileConnected<Found>(
    response: ServerResponse,
    ask: (signal: AbortSignal) => Promise<Found>,
  ): Promise<Found> {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    if (response.destroyed || this.isClosed) stop();
    this.asking.add(controller);
    response.once('close', stop);
    try {
      return await ask(controller.signal);
    } finally {
      response.off('close', stop);
      this.asking.delete(controller);
    }
  }
}
