import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Question {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** In a part's own process: answers the questions of the process that started it. */
export function serve(methods: Record<string, (argument: never) => unknown>): void {
  process.on('message', (message) => void answer(message as Question));
  process.on('disconnect', () => process.exit(0));

  async function answer({ id, method, argument }: Question): Promise<void> {
    try {
      process.send?.({ id, result: await methods[method]?.(argument as never) });
    } catch (error) {
      process.send?.({ id, error: (error as Error).stack });
    }
  }
}

/** A part of a bench that runs in a process of its own, so that its CPU time can be told apart. */
export class Part {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #asked = 0;

  private constructor(name: string, environment: Record<string, string>) {
    this.#child = fork(fileURLToPath(new URL(`../parts/${name}.ts`, import.meta.url)), {
      env: { ...process.env, ...environment },
    });
    this.#child.on('message', (message) => this.#hear(message as Answer));
    this.#child.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The ${name} ended with ${code}.`));
    });
  }

  /** Starts `parts/<name>.ts`. */
  static async start(name: string, environment: Record<string, string> = {}): Promise<Part> {
    const part = new Part(name, environment);
    await once(part.#child, 'spawn');
    return part;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks for something that the part serves. */
  ask<Result>(method: string, argument: unknown = null): Promise<Result> {
    const id = ++this.#asked;
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, argument } satisfies Question);
    });
  }

  stop(): void {
    this.#child.kill();
  }

  #hear({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error));
  }
}
