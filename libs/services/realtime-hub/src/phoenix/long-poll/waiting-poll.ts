import type { ServerResponse } from 'node:http';
import type { AskedQuestion } from '@headrace/event-log';
import { answer, bodyOf, pollStatus, type PollBody } from './long-poll-answer.js';

/** A poll that waits for its answer: on a connection of this process, or at another hub. */
export interface WaitingPoll {
  /** Bytes of its answer that its client has not read yet, as far as is known. */
  readonly unread: number;
  answer(body: PollBody): void;
  /** Cuts off what is being answered. */
  cut(): void;
  /** Calls back once with whether the client got the whole answer; `false` also when it left before there was one. */
  onSettled(listener: (delivered: boolean) => void): void;
}

/** A poll that came to this process. */
export class OwnPoll implements WaitingPoll {
  constructor(private readonly response: ServerResponse) {}

  get unread(): number {
    return this.response.writableLength;
  }

  answer(body: PollBody): void {
    // Who begins anew may do so elsewhere, and a server that stops waits for connections that are kept.
    if (body.status === pollStatus.tryAgain && !this.response.headersSent) {
      this.response.setHeader('connection', 'close');
    }
    answer(this.response, body);
  }

  cut(): void {
    this.response.destroy();
  }

  onSettled(listener: (delivered: boolean) => void): void {
    if (this.response.closed) listener(this.response.writableFinished);
    else this.response.once('close', () => listener(this.response.writableFinished));
  }
}

/** A poll that came to another hub, which asks this one. */
export class PeerPoll implements WaitingPoll {
  unread = 0;

  constructor(private readonly question: AskedQuestion) {}

  answer(body: PollBody): void {
    const bytes = bodyOf(body);
    this.unread = bytes.length;
    this.question.answer(bytes);
  }

  cut(): void {
    // The other hub has the connection; it closes with its client.
  }

  onSettled(listener: (delivered: boolean) => void): void {
    this.question.onSettled(listener);
  }
}
