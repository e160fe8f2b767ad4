/** Ids that were seen before: the newest so many, which bounds the memory. */
export class RecentIds {
  private readonly ids = new Map<string, number>();

  /** Each id counts as new so many `times`. */
  constructor(
    private readonly most: number,
    private readonly times = 1,
  ) {}

  /** Whether an id is new; once it was asked often enough, it is not. */
  add(id: string): boolean {
    const seen = this.ids.get(id) ?? 0;
    if (seen >= this.times) return false;
    if (seen === 0 && this.ids.size >= this.most) this.forgetOldest();
    this.ids.set(id, seen + 1);
    return true;
  }

  /** Makes an id new again. */
  forget(id: string): void {
    this.ids.delete(id);
  }

  private forgetOldest(): void {
    for (const oldest of this.ids.keys()) {
      this.ids.delete(oldest);
      return;
    }
  }
}
