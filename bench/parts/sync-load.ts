/**
 * The callers of the bench, in a process of their own: each asks on a connection of its own, waits for the answer, and
 * asks again. They read no more of HTTP than they must, so that they take little of the machine that they measure.
 */
import { connect, type Socket } from 'node:net';
import { serve } from '../lib/part.ts';
import { Samples } from '../lib/samples.ts';
import { word, type SyncLoadPlan, type SyncLoadReport } from '../lib/sync-plan.ts';

const endOfHead = '\r\n\r\n';
const lastChunk = '0\r\n\r\n';

serve({ run: (plan: SyncLoadPlan) => new SyncLoad(plan).run() });

class SyncLoad {
  readonly plan: SyncLoadPlan;
  readonly #whole = new Samples();
  readonly #firstToken = new Samples();
  readonly #failures: Record<string, number> = {};
  readonly #request: Buffer;
  #until = 0;
  #atOnce = 0;
  #mostAtOnce = 0;

  constructor(plan: SyncLoadPlan) {
    this.plan = plan;
    this.#request = requestOf(plan);
  }

  async run(): Promise<SyncLoadReport> {
    const started = performance.now();
    this.#until = started + this.plan.seconds * 1_000;
    await Promise.all(Array.from({ length: this.plan.connections }, (_, place) => this.#caller(place)));
    const tookSeconds = (performance.now() - started) / 1_000;
    const whole = this.#whole.percentiles();
    return {
      answered: whole.count,
      tookSeconds,
      perSecond: Math.round(whole.count / tookSeconds),
      whole,
      firstToken: this.#firstToken.percentiles(),
      mostAtOnce: this.#mostAtOnce,
      failures: this.#failures,
    };
  }

  async #caller(place: number): Promise<void> {
    const { pauseMs = 0, connections, each = Infinity } = this.plan;
    if (pauseMs > 0) await sleep((pauseMs * place) / connections);
    let socket: Socket | undefined;
    for (let asked = 0; asked < each && performance.now() < this.#until; asked += 1) {
      try {
        socket = socket && !socket.destroyed ? socket : await open(this.plan.target.url);
        await this.#ask(socket);
      } catch (error) {
        this.#failed((error as Error).message);
        socket?.destroy();
      }
      if (pauseMs > 0 && asked + 1 < each) await sleep(pauseMs);
    }
    socket?.destroy();
  }

  #ask(socket: Socket): Promise<void> {
    const started = performance.now();
    this.#atOnce += 1;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#atOnce);
    let text = '';
    let hasWord = false;
    return new Promise<void>((resolve, reject) => {
      const over = (settle: () => void): void => {
        socket.off('data', hear).off('close', lost);
        this.#atOnce -= 1;
        settle();
      };
      const lost = (): void => over(() => reject(new Error('connection closed')));
      const hear = (bytes: Buffer): void => {
        text += bytes.toString('latin1');
        if (this.plan.stream && !hasWord && text.includes(word)) {
          hasWord = true;
          this.#firstToken.add(performance.now() - started);
        }
        if (!isComplete(text)) return;
        this.#whole.add(performance.now() - started);
        const problem = this.#problemOf(text);
        if (problem !== undefined) this.#failed(problem);
        over(resolve);
      };
      socket.on('data', hear).on('close', lost);
      socket.write(this.#request);
    });
  }

  #problemOf(text: string): string | undefined {
    if (!text.startsWith('HTTP/1.1 200')) return text.slice(0, text.indexOf('\r\n'));
    const words = text.split(word).length - 1;
    if (words < this.plan.pieces) return `only ${words} words`;
    return this.plan.stream && !text.includes('data: [DONE]') ? 'no [DONE]' : undefined;
  }

  #failed(reason: string): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
  }
}

function requestOf({ target, stream }: SyncLoadPlan): Buffer {
  const { host, pathname } = new URL(target.url);
  const messages = [{ role: 'user', content: 'Write a headline for a bakery that opens at six.' }];
  const body = Buffer.from(JSON.stringify({ model: target.model, messages, ...(stream ? { stream: true } : {}) }));
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const usual = 'content-type: application/json\r\naccept: */*\r\naccept-encoding: identity\r\nuser-agent: bench\r\n';
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${usual}${headers.join('')}`;
  return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}${endOfHead}`), body]);
}

/** Whether an answer is there to its end: as long as it says, or with the last of its chunks. */
function isComplete(text: string): boolean {
  const headEnd = text.indexOf(endOfHead);
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headEnd + 2))?.[1];
  return length === undefined ? text.endsWith(lastChunk) : text.length >= headEnd + endOfHead.length + Number(length);
}

function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
