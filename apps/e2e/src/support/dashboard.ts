import { serializerV2 } from '@headrace/contracts';
import type { OpenChannelOptions } from '@headrace/testing';
import { WebSocket } from 'ws';

/** One change of a project: the fields that tests look at. */
export interface ProjectChange {
  readonly type: string;
  readonly state: string;
  readonly channel_id: string;
  readonly [field: string]: unknown;
}

interface ViewersPayload {
  readonly viewers: readonly { readonly channel_id: string; readonly viewers: number }[];
}

const patienceMs = 20_000;

/** A program that watches the topic of a project over a plain WebSocket. */
export class Dashboard {
  /** All changes so far, oldest first. */
  readonly changes: ProjectChange[] = [];
  /** How many look on at requests, by channel. */
  readonly viewers = new Map<string, number>();
  readonly #socket: WebSocket;
  readonly #joined = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #onChange: (() => void) | undefined;

  private constructor({ websocketUrl, topic, token }: OpenChannelOptions) {
    const query = new URLSearchParams({ token, vsn: '2.0.0' });
    this.#socket = new WebSocket(`${websocketUrl}/websocket?${query.toString()}`);
    this.#socket.on('open', () => {
      this.#socket.send(serializerV2.encodePush({ joinRef: '1', ref: '1', topic, event: 'phx_join', payload: {} }));
    });
    this.#socket.on('error', (error) => this.#joined.reject(error));
    this.#socket.on('message', (data: Buffer) => {
      const { event, payload } = serializerV2.decode(data.toString());
      if (event === 'phx_reply') this.#replied(payload as { status: string });
      if (event === 'phx_close') this.#closed.resolve();
      if (event === 'changes') this.changes.push(...(payload as unknown as { changes: ProjectChange[] }).changes);
      if (event === 'viewers') this.#count(payload as unknown as ViewersPayload);
      this.#onChange?.();
    });
  }

  /** Joins; rejects when it is refused. */
  static async open(options: OpenChannelOptions): Promise<Dashboard> {
    const dashboard = new Dashboard(options);
    await dashboard.#joined.promise;
    return dashboard;
  }

  /** Resolves when the hub ends the topic. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** The changes of a request, as soon as it has been in all of these states. */
  async until(channel: string, states: readonly string[]): Promise<ProjectChange[]> {
    const giveUp = AbortSignal.timeout(patienceMs);
    for (;;) {
      const told = this.changes.filter(({ channel_id }) => channel_id === channel);
      if (states.every((state) => told.some((change) => change.state === state))) return told;
      if (giveUp.aborted)
        throw new Error(`${channel} was not told to be ${states.join(', ')}: ${JSON.stringify(told)}`);
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
        giveUp.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  drop(): void {
    this.#socket.terminate();
  }

  #count({ viewers }: ViewersPayload): void {
    for (const { channel_id: channel, viewers: count } of viewers) this.viewers.set(channel, count);
  }

  #replied({ status }: { status: string }): void {
    if (status === 'ok') this.#joined.resolve();
    else this.#joined.reject(new Error('the join was refused'));
  }
}
