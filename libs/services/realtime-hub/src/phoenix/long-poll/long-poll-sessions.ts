import { randomBytes } from 'node:crypto';
import type { AskedQuestion } from '@headrace/event-log';
import type { LongPollTokens } from '@headrace/secrets';
import { bodyOf, pollStatus, type PollBody } from './long-poll-answer.js';
import type { LongPollLimits } from './long-poll-limits.js';
import { LongPollSession } from './long-poll-session.js';
import { framesOf, sessionTokenPrefix } from './read-poll.js';
import { PeerPoll } from './waiting-poll.js';

/** What the sessions of a process need. */
export interface SessionsParts {
  readonly tokens: Pick<LongPollTokens, 'mint'>;
  readonly limits: LongPollLimits & { readonly maxFrameBytes: number };
  readonly onFault: (what: string, error: unknown) => void;
}

const gone: PollBody = { status: pollStatus.gone };

/** The sessions that live in this process, for its own clients and for the hubs that ask. */
export class LongPollSessions {
  /** Another one with each start: who asks for a session of the process before it is told that it is gone. */
  readonly hub = randomBytes(12).toString('base64url');
  private readonly sessions = new Map<string, LongPollSession>();

  constructor(private readonly parts: SessionsParts) {}

  /** Open sessions. */
  get size(): number {
    return this.sessions.size;
  }

  find(id: string): LongPollSession | undefined {
    return this.sessions.get(id);
  }

  begin(replacesAnother: boolean): LongPollSession {
    const session = randomBytes(18).toString('base64url');
    const token = `${sessionTokenPrefix}${this.parts.tokens.mint({ hub: this.hub, session })}`;
    const { windowMs } = this.parts.limits;
    const onEnd = (): void => void this.sessions.delete(session);
    const begun = new LongPollSession({ token, windowMs, replacesAnother, onEnd });
    this.sessions.set(session, begun);
    return begun;
  }

  /** Takes the body of a client's request; the answer to it. */
  receive(session: LongPollSession, body: Uint8Array, contentType: string): PollBody {
    const frames = framesOf(Buffer.from(body.buffer, body.byteOffset, body.length), contentType);
    if (!frames) return { status: pollStatus.badRequest, reason: 'Not up to 100 lines of JSON or base64.' };
    const { maxFrameBytes } = this.parts.limits;
    if (frames.some((frame) => Buffer.byteLength(frame) > maxFrameBytes)) {
      return { status: pollStatus.tooLarge, reason: `A frame has at most ${maxFrameBytes} bytes.` };
    }
    for (const frame of frames) session.receive(frame);
    if (session.open) return { status: pollStatus.messages };
    return { status: pollStatus.badRequest, reason: 'This is no frame, or one too many; the session is over.' };
  }

  /** Answers another hub, to which a request for a session of this one came. */
  answer(question: AskedQuestion): void {
    const session = this.sessions.get(question.session);
    if (!session) return question.gone();
    if (question.kind === 'poll') return session.poll(new PeerPoll(question));
    void this.receiveAsked(session, question)
      .catch((error: unknown): PollBody => {
        this.parts.onFault('long poll', error);
        return { status: pollStatus.tryAgain };
      })
      .then((body) => question.answer(bodyOf(body)));
  }

  private async receiveAsked(session: LongPollSession, { body, contentType }: AskedQuestion): Promise<PollBody> {
    const { maxBodyBytes } = this.parts.limits;
    if (session.heldBytes + body.length > maxBodyBytes) return tooMuch(maxBodyBytes);
    // A body that comes from another hub cannot wait on its connection, so it counts while it waits here.
    session.heldBytes += body.length;
    await session.paused?.promise;
    session.heldBytes -= body.length;
    return session.open ? this.receive(session, body, contentType) : gone;
  }
}

/** The answer to a body above the limit. */
export const tooMuch = (maxBodyBytes: number): PollBody => ({
  status: pollStatus.tooLarge,
  reason: `At most ${maxBodyBytes} bytes at once.`,
});
