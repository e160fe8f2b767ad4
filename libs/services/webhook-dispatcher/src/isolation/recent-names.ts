/** Names that were used lately: at least the last `capacity` of them, at most twice as many. */
export class RecentNames {
  private newer = new Set<string>();
  private older = new Set<string>();

  constructor(private readonly capacity: number) {}

  has(name: string): boolean {
    return this.newer.has(name) || this.older.has(name);
  }

  add(name: string): void {
    this.newer.add(name);
    if (this.newer.size < this.capacity) return;
    this.older = this.newer;
    this.newer = new Set();
  }

  delete(name: string): void {
    this.newer.delete(name);
    this.older.delete(name);
  }
}
