/** Ids that were seen before: the newest so many, which bounds the memory. */
export class RecentIds {
  private readonly ids = new Set<string>();

  constructor(private readonly most: number) {}

  /** Whether an id is new; from now on it is not. */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    if (this.ids.size >= this.most) this.forgetOldest();
    this.ids.add(id);
    return true;
  }

  /** Makes an id new again. */
  forget(id: string): void {
    this.ids.delete(id);
  }

  private forgetOldest(): void {
    for (const oldest of this.ids) {
      this.ids.delete(oldest);
      return;
    }
  }
}
