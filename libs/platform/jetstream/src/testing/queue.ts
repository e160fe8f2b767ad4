/** Values that a test waits for, in the order in which they came. */
export class Queue<Value> {
  private readonly values: Value[] = [];
  private readonly takers: ((value: Value) => void)[] = [];

  put(value: Value): void {
    const taker = this.takers.shift();
    if (taker) taker(value);
    else this.values.push(value);
  }

  /** The next value, once it is there. */
  take(): Promise<Value> {
    const value = this.values.shift();
    return value === undefined ? new Promise((resolve) => this.takers.push(resolve)) : Promise.resolve(value);
  }

  /** What has come and was not taken. */
  get left(): readonly Value[] {
    return this.values;
  }
}
