/** Longest event that is kept while its end has not come, in characters. */
const longestEvent = 8 * 1024 * 1024;

/** Reads the `data` of server-sent events from pieces of text; comments and other fields are passed over. */
export class EventReader {
  #line = '';
  #data: string[] = [];
  #size = 0;

  /** The data of every event that is complete with this piece. Throws when an event has no end. */
  *read(text: string): Generator<string> {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const each of lines) {
      const line = each.endsWith('\r') ? each.slice(0, -1) : each;
      if (line === '') yield* this.#event();
      else if (line.startsWith('data:')) this.#add(line.slice(line[5] === ' ' ? 6 : 5));
    }
    if (this.#line.length + this.#size > longestEvent) throw new RangeError('An event of the stream has no end.');
  }

  #add(data: string): void {
    this.#data.push(data);
    this.#size += data.length;
  }

  *#event(): Generator<string> {
    if (this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    this.#size = 0;
    yield data;
  }
}
