import type { IncomingMessage } from 'node:http';

/** First part of the tokens of sessions, which share their parameter with those of the project. */
export const sessionTokenPrefix = 'phxlp1.';

/** What names the session in a request. */
export interface NamedSession {
  /** A token that says it is one of a session. */
  readonly token: string | undefined;
  /** The other parameters, `token` of the application among them. */
  readonly params: URLSearchParams;
}

/**
 * Takes the session's token out of a request. phoenix.js appends it as a second `token` (`null` before there is one)
 * behind the one that the application gave; newer clients send it as a header.
 */
export function readSession({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): NamedSession {
  const query = url.indexOf('?');
  const params = new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
  const tokens = params.getAll('token');
  const header = headers['x-phoenix-longpoll-token'];
  const token = [header, ...tokens.toReversed()].find((one) => typeof one === 'string' && isOfSession(one));
  params.delete('token');
  const own = tokens.find((one) => !isOfSession(one) && one !== 'null');
  if (own !== undefined) params.set('token', own);
  return { token: typeof token === 'string' ? token : undefined, params };
}

const isOfSession = (token: string): boolean => token.startsWith(sessionTokenPrefix);

/** A request's body is larger than it may be. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** The whole body of a request. Throws `BodyTooLarge`, and what a broken connection throws. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Most frames of one request: what phoenix.js sends at once. */
const mostFrames = 100;

/**
 * The frames of a body: one a line in NDJSON, else the whole. What does not begin as JSON is bytes in base64.
 * Undefined if it is neither, or too many.
 */
export function framesOf(body: Buffer, contentType = ''): (string | Buffer)[] | undefined {
  const whole = body.toString('utf8');
  const many = contentType.startsWith('application/x-ndjson');
  const lines = many ? whole.split(/\r?\n/).filter((line) => line !== '') : [whole];
  if (lines.length > mostFrames) return undefined;
  const frames: (string | Buffer)[] = [];
  for (const line of lines) {
    if (line.startsWith('[') || line.startsWith('{')) frames.push(line);
    else if (base64.test(line)) frames.push(Buffer.from(line, 'base64'));
    else return undefined;
  }
  return frames;
}
