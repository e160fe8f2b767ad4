import { longPollSubject } from '@headrace/contracts';
import type {
  AskedQuestion,
  LongPollPeers,
  PeerAnswer,
  PeerAsk,
  PeerQuestion,
  PeerSubscription,
} from '@headrace/event-log';
import { createInbox } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import { messageOf, type Logger } from '../logger.js';
import { headOf, type HubMessageHead } from './hub-message.js';
import { OpenQuestion } from './open-question.js';
import { cutInPieces } from './pieces.js';
import { ServedHub } from './served-hub.js';
import { whenConnected } from './when-connected.js';

/** Bytes of a message that its head may take. */
const headAllowance = 1_024;
/** A hub that is there says so as soon as its event loop gets to it; a machine that died says nothing. */
const defaultTakenLimitMs = 5_000;
/** How long to wait for a connection to say whether an answer was delivered: a session that nobody polls is over then. */
const settleLimitMs = 30_000;
const never = new AbortController().signal;

/**
 * Questions between hubs on plain NATS. The server tells at once when a hub's connection is gone. Answers, and bodies of
 * questions, come in pieces where the server takes no message that large.
 */
export class JetStreamLongPollPeers implements LongPollPeers {
  private readonly open = new Map<string, OpenQuestion>();
  private inbox: string | undefined;
  private count = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
    private readonly takenLimitMs = defaultTakenLimitMs,
  ) {}

  serve(hub: string, onQuestion: (question: AskedQuestion) => void): PeerSubscription {
    const served = new ServedHub(onQuestion, (...message) => this.send(...message));
    const subscription = this.connection.client.subscribe(longPollSubject(hub), {
      callback: (error, message) => {
        try {
          if (error) throw error;
          served.take(message);
        } catch (failure) {
          // One bad message must not end the others.
          this.logger.warn({ error: messageOf(failure) }, 'A question of another hub was not taken');
        }
      },
    });
    return { close: () => subscription.unsubscribe() };
  }

  async ask(hub: string, question: PeerQuestion, { limitMs, signal }: PeerAsk): Promise<PeerAnswer> {
    const since = performance.now();
    if (!(await whenConnected(this.connection, limitMs, signal))) return { kind: 'unknown' };
    const subject = longPollSubject(hub);
    const exchange = `${this.openInbox()}${(this.count++).toString(36)}`;
    const asked = new OpenQuestion({
      limitMs: limitMs - (performance.now() - since),
      signal,
      takenLimitMs: this.takenLimitMs,
      settle: (delivered) => void this.settle(subject, { kind: delivered ? 'delivered' : 'kept', exchange }),
      onSilence: () => this.logger.warn({ hub }, 'The hub of a long-poll session does not answer'),
    });
    this.open.set(exchange, asked);
    const { kind, session, contentType, body } = question;
    this.send(subject, { kind, exchange, session, contentType }, body, exchange);
    const answer = await asked.answer;
    this.open.delete(exchange);
    return answer;
  }

  /** Where answers come to; a process that asks no hub does not have it. */
  private openInbox(): string {
    if (this.inbox !== undefined) return this.inbox;
    this.inbox = `${createInbox()}.`;
    this.connection.client.subscribe(`${this.inbox}*`, {
      callback: (_error, message) => this.open.get(message.subject)?.take(message),
    });
    // What was said while the connection was away is lost, the answers to open questions perhaps among it.
    this.connection.onReconnect(() => this.open.forEach((question) => question.giveUp()));
    return this.inbox;
  }

  private async settle(subject: string, head: HubMessageHead): Promise<void> {
    if (await whenConnected(this.connection, settleLimitMs, never)) this.send(subject, head);
  }

  /** Without a connection it is lost, as it is on a connection that breaks. */
  private send(subject: string, head: HubMessageHead, body: Uint8Array = new Uint8Array(), reply?: string): void {
    if (!this.connection.isConnected) return;
    const pieces = cutInPieces(body, this.connection.maxPayload - headAllowance);
    pieces.forEach((piece, index) => {
      const headers = headOf({ ...head, piece: [index, pieces.length] });
      this.connection.say(subject, piece, headers, reply);
    });
  }
}
