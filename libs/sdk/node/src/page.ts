/** A part of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** For the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** A list that is read page by page as it is iterated: `for await (const item of list)`. */
export class Listing<Item> implements AsyncIterable<Item> {
  constructor(private readonly read: (cursor: string | undefined) => Promise<Page<Item>>) {}

  /** One page: the first, or the one that a cursor stands for. */
  page(cursor?: string): Promise<Page<Item>> {
    return this.read(cursor);
  }

  /** One page after the other. */
  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Page<Item> = await this.read(cursor);
      yield page;
      cursor = page.next_cursor;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const { data } of this.pages()) yield* data;
  }
}
