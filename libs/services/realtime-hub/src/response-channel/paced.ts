/** However much waits, it is done within about so many turns. */
const longestWaitTurns = 100;

/**
 * Work that nobody waits for, in order and at a bounded pace: when thousands come at once, they are not kept waiting
 * by what is done on their account, and what is said together goes out in one system call.
 */
export class Paced {
  private readonly waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** So many pieces of work are done in one turn of the event loop, or more if very many wait, and then comes a pause. */
  constructor(
    private readonly atOnce: number,
    private readonly pauseMs: number,
  ) {}

  /** Does something soon. It must not throw. */
  soon(work: () => void): void {
    this.waiting.push(work);
    this.timer ??= setTimeout(this.doSome, this.pauseMs);
  }

  /** Does at once what waits. */
  finish(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const work of this.waiting.splice(0)) work();
  }

  private readonly doSome = (): void => {
    const some = Math.max(this.atOnce, Math.ceil(this.waiting.length / longestWaitTurns));
    for (const work of this.waiting.splice(0, some)) work();
    this.timer = this.waiting.length > 0 ? setTimeout(this.doSome, this.pauseMs) : undefined;
  };
}
