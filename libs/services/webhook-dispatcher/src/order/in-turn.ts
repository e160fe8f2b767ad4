/**
 * Does what is asked for under one key one after another, in the order of asking; different keys do not wait for
 * each other. Spares writers of one process the conflicts that they would have with each other.
 */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does `work` when all that was asked for before under this key is over, however it ended. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
