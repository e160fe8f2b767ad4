import { requestCompleted, requestFailed } from '@headrace/contracts';
import type { Recorded } from '@headrace/event-log';
import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Follower } from './follower.js';
import { FollowedRequests } from './followed-requests.js';
import { PushedStates } from './pushed-states.js';
import { stopError } from './stop-reason.js';

/** What a request can end with. */
const endTypes: readonly string[] = [requestCompleted.type, requestFailed.type];

/** Waits for requests to end. */
@Injectable()
export class RequestWait {
  constructor(
    private readonly requests: FollowedRequests,
    private readonly pushed: PushedStates,
  ) {}

  /**
   * Resolves to the end of a request as soon as it is there. Undefined: it did not end within `waitMs`, the log does
   * not know it, the caller has left, or the process stops. Errors: those of following, and
   * `invalid_api_key` when the caller's key ends meanwhile.
   */
  async untilEnd(follower: Follower, waitMs: number, connection: ServerResponse): Promise<Recorded | undefined> {
    // Who has left already is told of by no `close` any more.
    if (this.requests.isClosing || connection.destroyed) return undefined;
    const outcome = Promise.withResolvers<Recorded | undefined>();
    const giveUp = (): void => outcome.resolve(undefined);
    // Looked at only after the log was read.
    outcome.promise.catch(() => undefined);
    /** Last place in the log when the wait began. */
    let known = 0;
    const followed = this.requests.follow(follower, {
      types: endTypes,
      onEvent: (event) => {
        if (!endTypes.includes(event.type)) return;
        outcome.resolve(event);
        // Who asks for what has ended already looks it up: nothing is pushed to him.
        if (event.sequence > known) this.pushed.told(follower.ids, event, 'wait');
      },
      onStop: (why) => (why === 'refused' ? outcome.reject(stopError(why)) : giveUp()),
    });
    const timer = setTimeout(giveUp, waitMs);
    connection.once('close', giveUp);
    try {
      const { last, news } = await followed.read();
      if (!last) return undefined;
      known = last.sequence;
      followed.tell(news);
      return await outcome.promise;
    } finally {
      clearTimeout(timer);
      connection.off('close', giveUp);
      followed.close();
    }
  }
}
