/** A block of server-sent events. */
export interface ReadEvent {
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly data?: Record<string, unknown>;
  readonly comment?: string;
}

/** Reads server-sent events as they come. */
export class EventReader {
  readonly #blocks: AsyncIterator<ReadEvent, undefined>;
  #lastId: string | undefined;

  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {
    this.#blocks = blocksOf(response)[Symbol.asyncIterator]();
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const controller = new AbortController();
    return new EventReader(await fetch(url, { headers, signal: controller.signal }), controller);
  }

  /** What an `EventSource` would send as `Last-Event-ID`. */
  get lastId(): string {
    return this.#lastId ?? '';
  }

  /** The next block of any kind; undefined when the stream has ended. */
  async nextBlock(): Promise<ReadEvent | undefined> {
    const { value } = await this.#blocks.next();
    this.#lastId = value?.id ?? this.#lastId;
    return value;
  }

  /** The next block that has data. */
  async next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const block = await this.nextBlock();
      if (!block || block.data) return block;
    }
  }

  /** All events to the end. */
  async rest(): Promise<ReadEvent[]> {
    const events: ReadEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) events.push(event);
    return events;
  }

  /** Breaks the connection. */
  drop(): void {
    this.controller.abort();
  }
}

async function* blocksOf({ body }: Response): AsyncGenerator<ReadEvent, undefined> {
  if (!body) return undefined;
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks.map(blockOf);
  }
  return undefined;
}

function blockOf(text: string): ReadEvent {
  const fields = text.split('\n').map((line) => {
    const colon = line.indexOf(': ');
    return [colon === 0 ? 'comment' : line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  const { data, ...others } = Object.fromEntries(fields) as Record<string, string>;
  return { ...others, ...(data === undefined ? {} : { data: JSON.parse(data) as Record<string, unknown> }) };
}
