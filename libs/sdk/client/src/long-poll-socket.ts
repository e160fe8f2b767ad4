import type { SocketEvent, SocketLike } from './environment.js';

type EventType = Parameters<SocketLike['addEventListener']>[0];

/** Body of each answer of Phoenix's long-polling transport; its `status` counts, not that of HTTP. */
interface Answer {
  readonly status?: number;
  /** Names the session from the first answer on. */
  readonly token?: string;
  readonly messages?: readonly string[];
}

const statuses = { messages: 200, nothing: 204, gone: 410, tryAgain: 500 };
const restart = 1012;
/** Something between us and the server answers polls at once, without news: asking on would never stop. */
const pauseMs = 100;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A socket made of requests, as phoenix.js makes one, for networks that let no WebSockets through: one request always
 * waits for frames, others bring ours. All of them are such that browsers ask no other origin for permission first.
 * Closes with the `status` of the answer that ended it, if there was one, or as a WebSocket of a restarting server does.
 */
export class LongPollSocket implements SocketLike {
  readonly #url: string;
  readonly #listeners: (readonly [EventType, (event: SocketEvent) => void])[] = [];
  readonly #ending = new AbortController();
  #session = '';
  #sent: Promise<void> = Promise.resolve();

  /** Takes the address that a WebSocket would be opened at. */
  constructor(webSocketUrl: string) {
    this.#url = webSocketUrl.replace(/^ws/, 'http').replace('/websocket?', '/longpoll?');
    void this.#poll();
  }

  addEventListener(type: EventType, listener: (event: SocketEvent) => void): void {
    this.#listeners.push([type, listener]);
  }

  /** Sends a frame once those before it have arrived. */
  send(text: string): void {
    this.#sent = this.#sent.then(async () => {
      try {
        const { status } = await this.#ask('POST', text);
        if (status !== statuses.messages) this.#end(status);
      } catch {
        this.#end();
      }
    });
  }

  /** Nothing is asked or told any more. */
  close(): void {
    this.#ending.abort();
  }

  async #poll(): Promise<void> {
    try {
      while (!this.#ending.signal.aborted) await this.#pollOnce();
    } catch {
      this.#end();
    }
  }

  async #pollOnce(): Promise<void> {
    const askedAt = Date.now();
    const { status, token, messages = [] } = await this.#ask('GET');
    if (status === statuses.gone && token && !this.#session) {
      this.#session = `&token=${encodeURIComponent(token)}`;
      this.#tell('open', {});
    } else if (status === statuses.messages || status === statuses.nothing) {
      for (const data of messages) this.#tell('message', { data });
      if (messages.length === 0 && Date.now() - askedAt < pauseMs) await wait(pauseMs);
    } else this.#end(status);
  }

  async #ask(method: string, body?: string): Promise<Answer> {
    const { signal } = this.#ending;
    signal.throwIfAborted();
    const answer = await fetch(this.#url + this.#session, { method, body, signal, cache: 'no-store' });
    return (await answer.json()) as Answer;
  }

  #end(status?: number): void {
    this.#tell('close', { code: status === statuses.tryAgain ? restart : status });
    this.close();
  }

  #tell(type: EventType, event: SocketEvent): void {
    for (const [wanted, listener] of this.#listeners) {
      if (wanted === type && !this.#ending.signal.aborted) listener(event);
    }
  }
}
