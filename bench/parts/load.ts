/**
 * The clients of the bench, in a process of their own: sends requests at fixed moments whatever the system does (an
 * open loop), opens a WebSocket for each as a browser does, and waits for the final frame.
 */
import { Pool } from 'undici';
import type { LoadPlan, LoadReport } from '../lib/load-plan.ts';
import { serve } from '../lib/part.ts';
import { PhoenixConnection } from '../lib/phoenix-connection.ts';
import { Samples } from '../lib/samples.ts';

const connections = 128;
/** How long stragglers are waited for after the last request. */
const drainMs = 30_000;
/** Linux answers on all of 127.0.0.0/8; elsewhere one address must do. */
const localAddresses = process.platform === 'linux' ? Array.from({ length: 16 }, (_, n) => `127.0.0.${n + 2}`) : [];

interface AsyncReply {
  readonly websocket_url: string;
  readonly websocket_channel: string;
  readonly ws_token: string;
}

serve({ run: (plan: LoadPlan) => new LoadRun(plan).run() });

class LoadRun {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #body: string;
  readonly #accept = new Samples();
  readonly #acceptFromSend = new Samples();
  readonly #endToEnd = new Samples();
  readonly #ends: Record<string, number> = {};
  readonly #failures: Record<string, number> = {};
  readonly #inFlight: number[] = [];
  readonly plan: LoadPlan;
  #sent = 0;
  #over = 0;

  constructor(plan: LoadPlan) {
    this.plan = plan;
    this.#pool = new Pool(plan.url, { connections });
    this.#headers = { authorization: `Bearer ${plan.apiKey}`, 'content-type': 'application/json' };
    const messages = [{ role: 'user', content: 'Write a headline for a bakery that opens at six.' }];
    this.#body = JSON.stringify({ workflow: plan.workflow, messages, metadata: { user_id: 'u1', order: 7 } });
  }

  async run(): Promise<LoadReport> {
    const started = performance.now();
    await this.#sendAll(started);
    const giveUpAt = performance.now() + drainMs;
    while (this.#over < this.#sent && performance.now() < giveUpAt) await tick(5);
    const tookSeconds = (performance.now() - started) / 1_000;
    await this.#pool.destroy();
    return {
      accept: this.#accept.percentiles(),
      acceptFromSend: this.#acceptFromSend.percentiles(),
      endToEnd: this.#endToEnd.percentiles(),
      sent: this.#sent,
      ended: this.#endToEnd.percentiles().count,
      ends: this.#ends,
      failures: { ...this.#failures, ...(this.#over < this.#sent ? { 'no end': this.#sent - this.#over } : {}) },
      inFlight: this.#inFlight,
      tookSeconds,
    };
  }

  async #sendAll(started: number): Promise<void> {
    const { rate, seconds } = this.plan;
    const total = rate * seconds;
    while (this.#sent < total) {
      const elapsed = performance.now() - started;
      while (this.#sent < total && this.#dueAt(this.#sent) <= elapsed) {
        void this.#ask(started + this.#dueAt(this.#sent), this.#sent);
        this.#sent += 1;
      }
      while (this.#inFlight.length < Math.floor(elapsed / 1_000)) this.#inFlight.push(this.#sent - this.#over);
      await tick(1);
    }
  }

  #dueAt(index: number): number {
    return (index * 1_000) / this.plan.rate;
  }

  async #ask(due: number, index: number): Promise<void> {
    const sent = performance.now();
    try {
      const answer = await this.#pool.request({
        method: 'POST',
        path: '/v1/ai/async',
        headers: this.#headers,
        body: this.#body,
      });
      const reply = (await answer.body.json()) as AsyncReply;
      if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
      const now = performance.now();
      this.#accept.add(now - due);
      this.#acceptFromSend.add(now - sent);
      this.#follow(reply, due, index);
    } catch (error) {
      this.#failed(`ask: ${(error as Error).message}`);
    }
  }

  #follow(reply: AsyncReply, due: number, index: number): void {
    const connection = new PhoenixConnection({
      websocketUrl: reply.websocket_url,
      topic: reply.websocket_channel,
      token: reply.ws_token,
      localAddress: localAddresses[index % Math.max(localAddresses.length, 1)],
      onResponse: ({ status }) => {
        if (status === 'ai_generated') return;
        this.#endToEnd.add(performance.now() - due);
        this.#ends[status] = (this.#ends[status] ?? 0) + 1;
        this.#over += 1;
        connection.close();
      },
      onFailure: (reason) => this.#failed(`socket: ${reason}`),
    });
  }

  #failed(reason: string): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
    this.#over += 1;
  }
}

function tick(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
