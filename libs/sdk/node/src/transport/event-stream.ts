/** Longest event that is kept while its end has not come, in characters. */
const longestEvent = 8 * 1024 * 1024;

/** One server-sent event. */
export interface ServerEvent {
  /** Its name; `message` when it has none. */
  readonly event: string;
  readonly data: string;
  /** Where it stands: for `Last-Event-ID`. Empty when none was told. */
  readonly id: string;
}

/** Reads server-sent events from pieces of text; comments and events without data are passed over. */
export class EventReader {
  #line = '';
  #event = '';
  #data: string[] = [];
  #size = 0;
  #id: string;
  /** How soon the server wants to be asked again, in milliseconds; undefined while it does not say. */
  retryMs: number | undefined;
  /** Whether a comment came: the server lives and has nothing to tell. */
  hasHeartbeat = false;

  /** `lastId`: the id to come again with; first that of an event before, when this is a further connection. */
  constructor(public lastId = '') {
    this.#id = lastId;
  }

  /** Every event that is complete with this piece. Throws when an event has no end. */
  *read(text: string): Generator<ServerEvent> {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const each of lines) {
      const line = each.endsWith('\r') ? each.slice(0, -1) : each;
      if (line === '') yield* this.#end();
      else this.#field(line);
    }
    if (this.#line.length + this.#size > longestEvent) throw new RangeError('An event of the stream has no end.');
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (name) {
      case '':
        this.hasHeartbeat = true;
        break;
      case 'data':
        this.#data.push(value);
        this.#size += value.length;
        break;
      case 'event':
        this.#event = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^\d{1,9}$/.test(value)) this.retryMs = Number(value);
        break;
      default:
    }
  }

  *#end(): Generator<ServerEvent> {
    this.lastId = this.#id;
    const [event, data] = [this.#event || 'message', this.#data];
    [this.#event, this.#data, this.#size] = ['', [], 0];
    if (data.length > 0) yield { event, data: data.join('\n'), id: this.lastId };
  }
}
