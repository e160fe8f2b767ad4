/** The application's side of a delivery bench: posts requests over raw keep-alive sockets and keeps what was accepted. */
import { connect, type Socket } from 'node:net';
import { clockMs } from '../lib/clock.ts';
import { HttpMessages, type HttpMessage } from '../lib/http-messages.ts';
import { serve } from '../lib/part.ts';
import type { RequestPlan, RequestReport } from '../lib/request-plan.ts';
import { Samples } from '../lib/samples.ts';

const body = JSON.stringify({
  messages: [{ role: 'user', content: 'Write a headline for a bakery that opens at six.' }],
  metadata: { user_id: 'u1', order: 7 },
});
const channelId = /"channel_id":"([^"]+)"/;
const drainMs = 10_000;

interface Sent {
  readonly target: number;
  readonly due: number;
  readonly at: number;
}

class Requests {
  readonly #fromDue = new Samples();
  readonly #fromSent = new Samples();
  readonly #channels: [string, number, number][] = [];
  readonly #failures: Record<string, number> = {};
  readonly #idle: Socket[] = [];
  readonly #under = new Map<Socket, Sent>();
  /** When requests were due that found no connection free. */
  readonly #late: number[] = [];
  readonly #texts: readonly string[];
  #sent = 0;
  #over = 0;
  readonly #plan: RequestPlan;

  constructor(plan: RequestPlan) {
    this.#plan = plan;
    const { host } = new URL(plan.url);
    this.#texts = plan.targets.map(({ apiKey, workflow }) => {
      const full = `{"workflow":${JSON.stringify(workflow)},${body.slice(1)}`;
      return (
        `POST /v1/ai/async HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${apiKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(full)}\r\n\r\n${full}`
      );
    });
  }

  async run(): Promise<RequestReport> {
    await Promise.all(Array.from({ length: this.#plan.connections }, () => this.#open()));
    const startedAt = clockMs();
    await this.#sendAll(startedAt);
    const giveUpAt = clockMs() + drainMs;
    while (this.#over < this.#sent && clockMs() < giveUpAt) await tick(2);
    const endedAt = clockMs();
    for (const socket of [...this.#idle, ...this.#under.keys()]) socket.destroy();
    return {
      sent: this.#sent,
      accepted: this.#channels.length,
      failures: this.#failures,
      fromDue: this.#fromDue.percentiles(),
      fromSent: this.#fromSent.percentiles(),
      startedAt,
      endedAt,
      channels: this.#channels,
    };
  }

  async #sendAll(startedAt: number): Promise<void> {
    const { rate, seconds } = this.#plan;
    const until = startedAt + seconds * 1_000;
    let made = 0;
    for (let now = startedAt; now < until; now = clockMs()) {
      if (rate === null) while (this.#idle.length > 0) this.#send(now);
      for (; rate !== null && startedAt + (made * 1_000) / rate <= now; made += 1) {
        const due = startedAt + (made * 1_000) / rate;
        if (this.#idle.length > 0) this.#send(due);
        else this.#late.push(due);
      }
      await tick(1);
    }
    while (this.#late.length > 0 && clockMs() < until + drainMs) await tick(1);
  }

  #open(): Promise<void> {
    const { hostname, port } = new URL(this.#plan.url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      const messages = new HttpMessages((message) => this.#answered(socket, message));
      socket.on('data', (chunk) => messages.push(chunk));
      socket.once('connect', () => {
        this.#idle.push(socket);
        resolve();
      });
      socket.once('error', (error) => {
        this.#failed(socket, error.message);
        reject(error);
      });
    });
  }

  #send(due: number): void {
    const socket = this.#idle.pop();
    if (!socket) return;
    const { order } = this.#plan;
    const target = order[this.#sent % order.length] ?? 0;
    this.#sent += 1;
    this.#under.set(socket, { target, due, at: clockMs() });
    socket.write(this.#texts[target] ?? '');
  }

  #answered(socket: Socket, { head, body: answer }: HttpMessage): void {
    const sent = this.#under.get(socket);
    if (!sent) return;
    const now = clockMs();
    const channel = head.startsWith('HTTP/1.1 200') ? channelId.exec(answer.toString('latin1'))?.[1] : undefined;
    if (channel === undefined) {
      this.#failed(socket, head.slice(0, head.indexOf('\r\n')));
    } else {
      this.#fromDue.add(now - sent.due);
      this.#fromSent.add(now - sent.at);
      this.#channels.push([channel, sent.target, now]);
      this.#end(socket);
    }
    this.#idle.push(socket);
    const late = this.#late.shift();
    if (late !== undefined) this.#send(late);
  }

  #failed(socket: Socket, reason: string): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
    this.#end(socket);
  }

  #end(socket: Socket): void {
    if (this.#under.delete(socket)) this.#over += 1;
  }
}

const tick = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

serve({ run: (plan: RequestPlan) => new Requests(plan).run() });
