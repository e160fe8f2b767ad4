import {
  phoenixEvents,
  PreparedJson,
  serializerV1,
  serializerV2,
  type ClientFrame,
  type FrameRef,
  type ResponsePayload,
} from '@headrace/contracts';
import { WebSocket } from 'ws';

/** What to join, as the asynchronous reply told it. */
export interface OpenChannelOptions {
  /** `websocket_url`, ending in `/socket`. */
  readonly websocketUrl: string;
  /** `websocket_channel`, or its short form. */
  readonly topic: string;
  /** `ws_token`. */
  readonly token: string;
  /** Wire format; 2.0.0 if not given. */
  readonly vsn?: '1.0.0' | '2.0.0';
}

/** The server refused the upgrade or the join. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

const joinRef = '1';
const patienceMs = 15_000;

/**
 * Opens a socket and joins one topic over a plain WebSocket: no reconnects, no heartbeats, nothing hidden.
 * Rejects with `ChannelRefused` when the upgrade (`HTTP 403`) or the join (its reason) is refused.
 */
export async function openChannel(options: OpenChannelOptions): Promise<ChannelClient> {
  const client = new ChannelClient(options);
  await client.joined;
  return client;
}

/** One joined topic. */
export class ChannelClient {
  /** Payloads of all `response` events so far, oldest first. */
  readonly frames: ResponsePayload[] = [];
  /** Payloads of all `tokens` events so far, each with how many responses had come before it. */
  readonly tokens: { readonly data: string; readonly index: number; readonly responsesBefore: number }[] = [];
  /** Resolves with the join's `ok`. */
  readonly joined: Promise<void>;
  /** Resolves with `phx_close`: the server has nothing more to say, and leaves the socket open. */
  readonly ended: Promise<void>;
  /** Resolves with the close code of the connection. */
  readonly disconnected: Promise<number>;
  readonly #socket: WebSocket;
  readonly #vsn: '1.0.0' | '2.0.0';
  #taken = 0;
  #over: string | undefined;
  #onNews: (() => void) | undefined;

  constructor(private readonly options: OpenChannelOptions) {
    this.#vsn = options.vsn ?? '2.0.0';
    const query = new URLSearchParams({ token: options.token, vsn: this.#vsn });
    this.#socket = new WebSocket(`${options.websocketUrl}/websocket?${query.toString()}`);
    const joined = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const disconnected = Promise.withResolvers<number>();
    this.joined = joined.promise;
    this.ended = ended.promise;
    this.disconnected = disconnected.promise;
    this.joined.catch(() => undefined);
    this.ended.catch(() => undefined);
    this.#socket.on('open', () => this.#send(phoenixEvents.join, joinRef));
    this.#socket.on('unexpected-response', (_request, { statusCode }) => {
      joined.reject(new ChannelRefused(`HTTP ${statusCode}`));
      this.#socket.terminate();
    });
    this.#socket.on('error', (error) => joined.reject(error));
    this.#socket.on('close', (code) => {
      this.#finish(`the connection was closed with ${code}`);
      joined.reject(new ChannelRefused(`closed with ${code}`));
      ended.reject(new Error(`The connection was closed with ${code} and not the channel.`));
      disconnected.resolve(code);
    });
    this.#socket.on('message', (data: Buffer) => {
      const { event, ref, payload } = this.#decode(data.toString());
      if (event === phoenixEvents.reply && ref === joinRef) {
        const { status, response } = payload as { status: string; response: { reason?: string } };
        if (status === 'ok') joined.resolve();
        else joined.reject(new ChannelRefused(response.reason));
      } else if (event === 'response') {
        this.frames.push(payload as unknown as ResponsePayload);
        this.#onNews?.();
      } else if (event === 'tokens') {
        const { data, index } = payload as { data: string; index: number };
        this.tokens.push({ data, index, responsesBefore: this.frames.length });
        this.#onNews?.();
      } else if (event === phoenixEvents.close) {
        this.#finish('the channel was closed');
        ended.resolve();
      }
    });
  }

  /** The next `response` that was not taken yet. Rejects when none can come any more, or none came in 15 s. */
  async next(): Promise<ResponsePayload> {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const frame = this.frames[this.#taken];
      if (frame) {
        this.#taken += 1;
        return frame;
      }
      if (this.#over !== undefined) throw new Error(`No response came: ${this.#over}.`);
      const left = giveUpAt - Date.now();
      if (left <= 0) throw new Error(`No response came on ${this.options.topic} in ${patienceMs} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#onNews = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The text that the `tokens` events so far come to. */
  get text(): string {
    return this.tokens.map(({ data }) => data).join('');
  }

  /** Leaves the topic and closes the socket. */
  close(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#send(phoenixEvents.leave, 'leave');
    this.#socket.close();
  }

  /** Cuts the connection, as a lost network does. */
  drop(): void {
    this.#socket.terminate();
  }

  #finish(reason: string): void {
    this.#over ??= reason;
    this.#onNews?.();
  }

  #send(event: string, ref: FrameRef): void {
    const serializer = this.#vsn === '2.0.0' ? serializerV2 : serializerV1;
    const { topic } = this.options;
    this.#socket.send(serializer.encodePush({ joinRef, ref, topic, event, payload: new PreparedJson('{}') }));
  }

  /** Server frames of text have the shape of client frames, so the same codec reads them. */
  #decode(text: string): ClientFrame {
    return (this.#vsn === '2.0.0' ? serializerV2 : serializerV1).decode(text);
  }
}
