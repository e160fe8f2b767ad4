import type { AskedQuestion } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import { readHead, type HubMessageHead, type HubMessageKind } from './hub-message.js';
import { PieceCollector } from './pieces.js';

/** Sends a message in as many pieces as it takes; does nothing without a connection. */
export type SendInPieces = (subject: string, head: HubMessageHead, body?: Uint8Array) => void;

/** Milliseconds after which nobody settles an exchange any more, nor sends the rest of a question. */
const exchangeLifeMs = 120_000;

/** One question, from its first piece until it is settled. */
class Exchange implements AskedQuestion {
  readonly since = performance.now();
  readonly pieces = new PieceCollector();
  body: Uint8Array = Buffer.alloc(0);
  isAnswered = false;
  private delivered: boolean | undefined;
  private listener: ((delivered: boolean) => void) | undefined;

  constructor(
    readonly kind: 'poll' | 'publish',
    readonly session: string,
    readonly contentType: string,
    private readonly reply: (kind: HubMessageKind, body?: Uint8Array) => void,
    /** Called when nothing more is said about it. */
    private readonly onOver: () => void,
  ) {}

  answer(body: Uint8Array): void {
    this.end('answer', body);
  }

  gone(): void {
    this.end('gone');
  }

  taken(): void {
    this.reply('taken');
  }

  onSettled(listener: (delivered: boolean) => void): void {
    if (this.delivered === undefined) this.listener = listener;
    else listener(this.delivered);
  }

  settle(delivered: boolean): void {
    if (this.delivered !== undefined) return;
    this.delivered = delivered;
    this.listener?.(delivered);
  }

  private end(kind: 'answer' | 'gone', body?: Uint8Array): void {
    // After its client went away nobody waits for the answer.
    if (this.isAnswered || this.delivered !== undefined) return;
    this.isAnswered = true;
    // Only the answer to a poll is settled.
    if (this.kind === 'publish' || kind === 'gone') this.onOver();
    this.reply(kind, body);
  }
}

/** The questions that come to one hub. */
export class ServedHub {
  /** By the subject of their answers, oldest first. */
  private readonly exchanges = new Map<string, Exchange>();

  constructor(
    private readonly onQuestion: (question: AskedQuestion) => void,
    private readonly send: SendInPieces,
  ) {}

  /** Exchanges that are not over. */
  get size(): number {
    return this.exchanges.size;
  }

  /** Takes a message to the hub's subject. */
  take(message: Msg): void {
    const head = readHead(message);
    const { kind, exchange: name } = head;
    if (kind === 'poll' || kind === 'publish') this.takeQuestion(message, kind, head);
    else if (kind === 'delivered' || kind === 'kept') {
      const exchange = this.exchanges.get(name);
      this.exchanges.delete(name);
      exchange?.settle(kind === 'delivered');
    }
  }

  private takeQuestion(message: Msg, kind: 'poll' | 'publish', head: Required<HubMessageHead>): void {
    const { exchange: name, session, contentType, piece } = head;
    this.forgetOld();
    let exchange = this.exchanges.get(name);
    if (!exchange) {
      const reply = (answer: HubMessageKind, body?: Uint8Array): void => this.send(name, { kind: answer }, body);
      const onOver = (): void => void this.exchanges.delete(name);
      exchange = new Exchange(kind, session, contentType, reply, onOver);
      this.exchanges.set(name, exchange);
    }
    const body = exchange.pieces.add(message.data, ...piece);
    if (!body) return;
    exchange.body = body;
    this.onQuestion(exchange);
    if (!exchange.isAnswered) exchange.taken();
  }

  /** Looked at only when something comes, so that nothing has to run while nobody asks. */
  private forgetOld(): void {
    const oldest = performance.now() - exchangeLifeMs;
    for (const [name, { since }] of this.exchanges) {
      if (since > oldest) return;
      this.exchanges.delete(name);
    }
  }
}
