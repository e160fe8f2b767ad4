/** What an answer of the long-polling transport says. */
export interface PollAnswer {
  readonly status: number;
  readonly token?: string;
  readonly messages?: readonly string[];
  readonly reason?: string;
}

/** A client that long-polls, request by request. */
export class PollClient {
  token = 'null';

  /** `url` is that of the transport, its query the client's own. */
  constructor(private readonly url: string) {}

  /** A client with a session. */
  static async open(url: string): Promise<PollClient> {
    const client = new PollClient(url);
    const { token } = await client.poll();
    if (token === undefined) throw new Error('there is no session');
    return client;
  }

  /** Polls, and takes the token that the answer names. */
  async poll(signal?: AbortSignal): Promise<PollAnswer> {
    const answer = await this.ask('GET', undefined, {}, signal);
    if (answer.token !== undefined) this.token = answer.token;
    return answer;
  }

  /** The frames of the next answer, parsed. */
  async frames(): Promise<unknown[]> {
    const { messages = [] } = await this.poll();
    return messages.map((message) => JSON.parse(message) as unknown);
  }

  /** Sends frames, one a line. */
  send(...frames: unknown[]): Promise<PollAnswer> {
    const lines = frames.map((frame) => (typeof frame === 'string' ? frame : JSON.stringify(frame)));
    return this.ask('POST', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
  }

  async ask(
    method: string,
    body?: string,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<PollAnswer> {
    return (await (await this.fetch(method, body, headers, signal)).json()) as PollAnswer;
  }

  fetch(method: string, body?: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    const url = `${this.url}${this.url.includes('?') ? '&' : '?'}token=${this.token}`;
    return fetch(url, { method, headers, body: body ?? null, signal: signal ?? null });
  }
}
