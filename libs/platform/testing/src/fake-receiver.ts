import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { giveAnswer, type ReceiverAnswer } from './receiver-answer.js';

/** A request as it arrived: the bytes untouched, because signatures are over bytes. */
export interface ReceivedRequest {
  /** From 1, over all requests of this receiver. */
  readonly number: number;
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values alternating, as they were sent: case, order and repetitions included. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** When it was complete, milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The body read as JSON. */
  json<Body = unknown>(): Body;
}

/** An answer, or how it follows from the request, at once or when something else has happened. */
export type ReceiverBehaviour =
  ReceiverAnswer | ((request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer>);
type Predicate = (request: ReceivedRequest) => boolean;

interface Waiter {
  readonly predicate: Predicate;
  readonly take: (request: ReceivedRequest) => void;
}

/** A customer's web server: records what comes and answers as it is told. 200 at first. */
export class FakeReceiver {
  /** All requests so far. */
  readonly requests: ReceivedRequest[] = [];
  private readonly untaken: ReceivedRequest[] = [];
  private readonly waiters = new Set<Waiter>();
  private readonly queued: ReceiverBehaviour[] = [];
  private always: ReceiverBehaviour = {};
  private readonly stopping = new AbortController();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.receive(request, response));
  }

  /** Starts a receiver on 127.0.0.1; without a port, on any free one. Call `stop` in `afterAll`. */
  static async start(port = 0): Promise<FakeReceiver> {
    const server = createServer();
    const receiver = new FakeReceiver(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The receiver's address, without a slash at the end; every path below it is answered. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers the next requests in this order, one each; after them comes what `answerAlways` says. */
  answerNext(...answers: ReceiverBehaviour[]): this {
    this.queued.push(...answers);
    return this;
  }

  /** Answers every request that nothing is queued for. */
  answerAlways(answer: ReceiverBehaviour): this {
    this.always = answer;
    return this;
  }

  /**
   * The first request that fits and that `next` has not given out yet: at once when it has come already, else when
   * it comes. Rejects after `timeoutMs` (default 10 s) with a list of what came instead.
   */
  next(predicate: Predicate = () => true, timeoutMs = 10_000): Promise<ReceivedRequest> {
    const index = this.untaken.findIndex(predicate);
    const [found] = index === -1 ? [] : this.untaken.splice(index, 1);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`No fitting request within ${timeoutMs} ms; not taken: ${this.describeUntaken()}`));
      }, timeoutMs);
      const take = (request: ReceivedRequest): void => {
        clearTimeout(timer);
        resolve(request);
      };
      const waiter = { predicate, take };
      this.waiters.add(waiter);
    });
  }

  /** Forgets the requests, the queued answers and the standing one. */
  reset(): void {
    this.requests.length = this.untaken.length = this.queued.length = 0;
    this.always = {};
  }

  /** Breaks all connections, hanging ones too, and frees the port. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      // The sender went away in the middle: there is no request to record.
      return;
    }
    const request = recorded(this.requests.length + 1, incoming, Buffer.concat(chunks));
    const behaviour = this.queued.shift() ?? this.always;
    this.requests.push(request);
    this.handOut(request);
    const answer = typeof behaviour === 'function' ? await behaviour(request) : behaviour;
    await giveAnswer(response, answer, this.stopping.signal);
  }

  private handOut(request: ReceivedRequest): void {
    const waiter = [...this.waiters].find(({ predicate }) => predicate(request));
    if (!waiter) {
      this.untaken.push(request);
      return;
    }
    this.waiters.delete(waiter);
    waiter.take(request);
  }

  private describeUntaken(): string {
    const lines = this.untaken.map(({ method, path, body }) => `${method} ${path} ${body.toString('utf8', 0, 200)}`);
    return lines.length > 0 ? lines.join('; ') : 'nothing';
  }
}

function recorded(number: number, { method = '', url = '', headers, rawHeaders }: IncomingMessage, body: Buffer) {
  return {
    ...{ number, method, path: url, headers, rawHeaders, body, receivedAt: Date.now() },
    json: <Body>() => JSON.parse(body.toString('utf8')) as Body,
  };
}
