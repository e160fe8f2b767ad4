import type { ResponsePayload } from '@headrace/contracts';
import { waitFor } from '@headrace/testing';
import { EventSource, type MessageEvent } from 'undici';
import type { AsyncReply } from './wire.js';

/** Text of an answer while it is generated. */
export interface Tokens {
  readonly data: string;
  readonly index: number;
}

/** A browser's `EventSource` on the events of a request, with the token that the answer of the API names. */
export class RequestEvents {
  readonly frames: ResponsePayload[] = [];
  readonly tokens: Tokens[] = [];
  /** How often the connection was opened. */
  opened = 0;
  readonly #source: EventSource;

  constructor(api: string, { channel_id: channel, ws_token: token }: AsyncReply) {
    this.#source = new EventSource(`${api}/v1/requests/${channel}/events?token=${token}`);
    this.#source.addEventListener('open', () => (this.opened += 1));
    this.#source.addEventListener('response', (event) => this.frames.push(dataOf<ResponsePayload>(event)));
    this.#source.addEventListener('tokens', (event) => this.tokens.push(dataOf<Tokens>(event)));
  }

  /** The text that was told. */
  get text(): string {
    return this.tokens.map(({ data }) => data).join('');
  }

  /** Resolves when it comes no more by itself. */
  ended(): Promise<unknown> {
    const { CLOSED } = this.#source;
    return waitFor(() => this.#source.readyState === CLOSED, { timeoutMs: 15_000, what: 'the EventSource has ended' });
  }

  close(): void {
    this.#source.close();
  }
}

/** One event that a backend reads. */
export interface BackendEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/**
 * Reads the events of a request with an API key, from behind `lastEventId`. `isEnough` says with which event to break
 * the connection; without it they are read to the end.
 */
export async function readEvents(
  { url, key }: { readonly url: string; readonly key: string },
  channel: string,
  { lastEventId, isEnough }: { lastEventId?: string; isEnough?: (event: BackendEvent) => boolean } = {},
): Promise<{ status: number; events: BackendEvent[] }> {
  const abort = new AbortController();
  const known = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const headers = { authorization: `Bearer ${key}`, ...known };
  const response = await fetch(`${url}/v1/requests/${channel}/events`, { headers, signal: abort.signal });
  const events: BackendEvent[] = [];
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + part).split('\n\n');
    text = blocks.pop() ?? '';
    for (const event of blocks.flatMap(eventOf)) {
      events.push(event);
      if (!isEnough?.(event)) continue;
      abort.abort();
      return { status: response.status, events };
    }
  }
  return { status: response.status, events };
}

/** A block's event; blocks without data are none. */
function eventOf(block: string): BackendEvent[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [data, event, id] = [field('data'), field('event'), field('id')];
  if (data === undefined || event === undefined) return [];
  return [{ event, data: parsed(data), ...(id === undefined ? {} : { id }) }];
}

const parsed = <Value>(data: string): Value => JSON.parse(data) as Value;

const dataOf = <Value>(event: Event): Value => parsed(String((event as MessageEvent).data));
