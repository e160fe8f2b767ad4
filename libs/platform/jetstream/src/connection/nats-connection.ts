import { setTimeout as delay } from 'node:timers/promises';
import { EventLogUnavailable } from '@headrace/event-log';
import { errors, RequestError, type Msg, type MsgHdrs, type NatsConnection as Client } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import type { JetStreamSettings } from '../jetstream.settings.js';
import { JetStreamSetupError } from '../jetstream-setup.error.js';
import { messageOf, type Logger } from '../logger.js';
import { coalesceWrites } from './coalesce-writes.js';
import { connectFailure, isPassing } from './connect-failure.js';
import { NoAnswer, NobodyAnswers, Requests } from './requests.js';
import { serverList } from './server-list.js';
import { serverProblem } from './server-problem.js';

/** Where NATS is and who we are to it. */
export interface NatsConnectionOptions {
  /** NATS_URL. */
  readonly url: string;
  /** Shown in the server's monitoring. */
  readonly name: string;
  readonly settings: JetStreamSettings;
}

/** Ends a listener's interest. */
export interface Listening {
  close(): void;
}

const reconnectWaitMs = 250;
const handshakeMs = 3_000;

/** The process's one connection to NATS. It reconnects for ever; while it is away, requests fail at once. */
export class NatsConnection {
  private connected = true;
  private closing = false;
  private readonly requests: Requests;
  private readonly reconnectListeners = new Set<() => void>();
  private readonly noResponderListeners = new Set<() => void>();

  private constructor(
    readonly client: Client,
    readonly addresses: string,
    private readonly timeoutMs: number,
    private readonly logger: Logger,
  ) {
    this.requests = new Requests(client, timeoutMs);
    coalesceWrites(client);
    void this.watch();
  }

  /** Connects, waiting for a server that is not up yet. Throws `JetStreamSetupError` with what to do. */
  static async open({ url, name, settings }: NatsConnectionOptions, logger: Logger): Promise<NatsConnection> {
    const { tls, ...servers } = serverList(url);
    const addresses = servers.servers.join(', ');
    const options = {
      ...servers,
      ...(tls ? { tls: {} } : {}),
      name,
      timeout: handshakeMs,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      // A wrong password during a rotation must not end the process's connection for good.
      ignoreAuthErrorAbort: true,
      pingInterval: 10_000,
      // A stack for each request costs more than the request.
      noAsyncTraces: true,
    };
    const deadline = Date.now() + settings.connectTimeoutMs;
    for (;;) {
      try {
        const client = await connect(options);
        const problem = client.info && serverProblem(client.info, client.getServer());
        if (problem === undefined) return new NatsConnection(client, addresses, settings.requestTimeoutMs, logger);
        await client.close();
        throw new JetStreamSetupError(problem);
      } catch (error) {
        if (error instanceof JetStreamSetupError) throw error;
        if (!isPassing(error) || Date.now() > deadline) {
          throw new JetStreamSetupError(connectFailure(error, addresses), { cause: error });
        }
      }
      await delay(reconnectWaitMs);
    }
  }

  /** Whether a server is there right now. */
  get isConnected(): boolean {
    return this.connected && !this.client.isClosed();
  }

  /** The largest message the server takes, headers included, in bytes. */
  get maxPayload(): number {
    return this.client.info?.max_payload ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Asks the server and waits for its answer, within the time limit.
   * Throws `EventLogUnavailable`, at once when the connection is down or nobody listens.
   */
  async request(subject: string, payload: Uint8Array | string, headers?: MsgHdrs): Promise<Msg> {
    this.requireConnection();
    try {
      return await this.requests.ask(subject, payload, headers);
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  /**
   * Says something without asking whether it was heard; while the connection is down, or is being closed, nobody hears
   * it. `reply`: where answers are to go.
   */
  say(subject: string, payload: Uint8Array, headers?: MsgHdrs, reply?: string): void {
    if (!this.isConnected) return;
    try {
      this.client.publish(subject, payload, { headers, ...(reply === undefined ? {} : { reply }) });
    } catch (error) {
      // Timers and clients that leave may have something to say until the very end.
      if (!(error instanceof errors.DrainingConnectionError)) throw error;
    }
  }

  /** Asks for an answer of many messages; the last one is empty. */
  async requestMany(subject: string, payload: string): Promise<Msg[]> {
    this.requireConnection();
    const answers: Msg[] = [];
    try {
      const options = { strategy: 'sentinel', maxWait: this.timeoutMs } as const;
      for await (const answer of await this.client.requestMany(subject, payload, options)) answers.push(answer);
    } catch (error) {
      throw this.unavailable(error);
    }
    // Without its end an answer is cut short, by the time limit or by a lost connection.
    if (answers.at(-1)?.data.length !== 0)
      throw new EventLogUnavailable(`NATS did not answer in full in ${this.timeoutMs} ms.`);
    return answers;
  }

  /** Calls back whenever the connection was lost and is back. */
  onReconnect(listener: () => void): Listening {
    this.reconnectListeners.add(listener);
    return { close: () => this.reconnectListeners.delete(listener) };
  }

  /** Calls back when a request found nobody to answer it: a stream is missing, or JetStream is not up yet. */
  onNoResponders(listener: () => void): Listening {
    this.noResponderListeners.add(listener);
    return { close: () => this.noResponderListeners.delete(listener) };
  }

  /** Resolves when the server has what was said; at once when it is away. */
  async flush(): Promise<void> {
    if (this.isConnected) await this.client.flush().catch(() => undefined);
  }

  /** Lets what was said reach the server, then closes. */
  async close(): Promise<void> {
    this.closing = true;
    // Without a server there is nothing to wait for.
    if (!this.client.isClosed()) await (this.connected ? this.client.drain() : this.client.close());
    this.requests.close();
  }

  private requireConnection(): void {
    if (!this.isConnected) throw new EventLogUnavailable(`NATS at ${this.addresses} is away.`);
  }

  private unavailable(error: unknown): EventLogUnavailable {
    const cause = { cause: error };
    if (error instanceof NoAnswer || error instanceof errors.TimeoutError) {
      return new EventLogUnavailable(`NATS did not answer. ${error.message}`, cause);
    }
    const nobody = error instanceof NobodyAnswers || (error instanceof RequestError && error.isNoResponders());
    if (!nobody) return new EventLogUnavailable(`NATS cannot be used: ${messageOf(error)}.`, cause);
    for (const listener of this.noResponderListeners) listener();
    return new EventLogUnavailable('NATS has no such stream at the moment; it is being made again.', cause);
  }

  private async watch(): Promise<void> {
    for await (const status of this.client.status()) {
      if (status.type === 'disconnect') this.lost();
      else if (status.type === 'reconnect') this.back();
      else if (status.type === 'error') this.logger.warn({ error: status.error.message }, 'NATS reports an error');
    }
    this.connected = false;
    if (!this.closing) this.logger.error({ server: this.addresses }, 'The connection to NATS ended for good');
  }

  private lost(): void {
    this.connected = false;
    this.requests.giveUp('The connection to NATS was lost.');
    this.logger.warn({ server: this.addresses }, 'NATS is away');
  }

  private back(): void {
    this.connected = true;
    coalesceWrites(this.client);
    const problem = this.client.info && serverProblem(this.client.info, this.client.getServer());
    if (problem === undefined) this.logger.info({ server: this.client.getServer() }, 'NATS is back');
    else this.logger.error({ server: this.client.getServer() }, problem);
    for (const listener of this.reconnectListeners) listener();
  }
}
