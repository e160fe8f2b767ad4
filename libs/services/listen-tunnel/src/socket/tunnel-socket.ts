import {
  decodeClientFrame,
  TunnelFrameError,
  tunnelCloseCodes,
  type AnswerFrame,
  type ClientTunnelFrame,
  type FailureFrame,
  type ServerTunnelFrame,
  type TunnelOutcome,
  type WebhookFrame,
} from '@headrace/contracts';
import { WebSocket } from 'ws';

/** What a socket tells whoever owns it. */
export interface TunnelSocketOwner {
  /** A `hello` or `bye`; answers are the socket's own matter. */
  onFrame(frame: Exclude<ClientTunnelFrame, AnswerFrame | FailureFrame>): void;
  /** The connection is gone, whoever ended it. Called once. */
  onClose(): void;
}

/** Why a client is sent away. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly param?: string | null;
}

interface Waiting {
  readonly settle: (outcome: TunnelOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

const away: TunnelOutcome = { kind: 'away' };
/** What a client has to send its answer beyond the time that its local server has. */
const answerMarginMs = 2_000;
/** With more than this unread by the client, further webhooks wait for a better moment, by timer. */
const maxBufferedBytes = 16 * 1_024 * 1_024;
const closeTimeoutMs = 2_000;

/** One client's connection: webhooks out, their answers in, pings. */
export class TunnelSocket {
  readonly #waiting = new Map<string, Waiting>();
  #heard = true;
  #closed = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly owner: TunnelSocketOwner,
  ) {
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => (this.#heard = true));
    // A broken connection also closes, and ws answers what breaks its rules by itself.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
  }

  send(frame: ServerTunnelFrame): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Sends a webhook and waits for what its client says of it; `away` when the connection ends before. */
  deliver(frame: WebhookFrame): Promise<TunnelOutcome> {
    if (this.socket.readyState !== WebSocket.OPEN || this.socket.bufferedAmount > maxBufferedBytes) {
      return Promise.resolve(away);
    }
    // Asked once more: who asked first has stopped waiting.
    this.#settle(frame.id, away);
    return new Promise((resolve) => {
      const limitMs = frame.time_limit_ms + answerMarginMs;
      const timer = setTimeout(() => this.#settle(frame.id, noAnswer(limitMs)), limitMs);
      this.#waiting.set(frame.id, { settle: resolve, timer });
      this.send(frame);
    });
  }

  /** Pings; a client that did not answer the ping before is cut off. */
  ping(): void {
    if (!this.#heard) return this.socket.terminate();
    this.#heard = false;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }

  /** Sends the client away with a reason: it will not try again. */
  refuse({ code, message, param = null }: Refusal, closeCode: number = tunnelCloseCodes.refused): void {
    this.send({ type: 'refused', code, param, message });
    this.close(closeCode);
  }

  /** Starts the closing handshake, and cuts the connection when the client does not answer it. */
  close(code: number): void {
    this.socket.close(code);
    setTimeout(() => this.socket.terminate(), closeTimeoutMs).unref();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#heard = true;
    if (this.socket.readyState !== WebSocket.OPEN) return;
    try {
      if (isBinary) throw new TunnelFrameError('A frame is text.');
      this.#take(decodeClientFrame(data.toString('utf8')));
    } catch (error) {
      if (!(error instanceof TunnelFrameError)) throw error;
      this.refuse({ code: 'invalid_frame', message: error.message, param: error.param });
    }
  }

  #take(frame: ClientTunnelFrame): void {
    if (frame.type === 'answer') {
      const { status, retry_after: retryAfter, body, duration_ms: durationMs } = frame;
      this.#settle(frame.id, { kind: 'answered', status, retryAfter, body, durationMs });
    } else if (frame.type === 'failure') {
      const { code, message, duration_ms: durationMs } = frame;
      this.#settle(frame.id, { kind: 'failed', code, message, durationMs });
    } else this.owner.onFrame(frame);
  }

  #settle(id: string, outcome: TunnelOutcome): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.settle(outcome);
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, away);
    this.owner.onClose();
  }
}

const noAnswer = (limitMs: number): TunnelOutcome => ({
  kind: 'failed',
  code: 'timeout',
  message: `The listening client told of no answer within ${limitMs / 1_000} s.`,
  durationMs: limitMs,
});
