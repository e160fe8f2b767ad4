import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

const limit = 1_000;

async function* chunksOf(chunks: readonly (Buffer | string)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function read(...chunks: (Buffer | string)[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(chunksOf(chunks), limit)) events.push(event);
  return events;
}

const message = (data: string): ServerSentEvent => ({ event: 'message', data });

describe('the reader of server-sent events', () => {
  it.each([
    ['LF', 'data: one\n\ndata: two\n\n'],
    ['CRLF', 'data: one\r\n\r\ndata: two\r\n\r\n'],
    ['CR', 'data: one\r\rdata: two\r\r'],
    ['a mixture', 'data: one\r\n\ndata: two\r\r\n'],
  ])('takes lines that end in %s', async (_name, text) => {
    expect(await read(text)).toEqual([message('one'), message('two')]);
  });

  it('joins the data lines of an event and takes away one space only', async () => {
    expect(await read('data: a\ndata\ndata:  b\ndata:c\n\n')).toEqual([message('a\n\n b\nc')]);
  });

  it('tells the type of an event, and forgets it after the event', async () => {
    expect(await read('event: ping\ndata: {}\n\ndata: x\n\nevent: alone\n\ndata: y\n\n')).toEqual([
      { event: 'ping', data: '{}' },
      message('x'),
      message('y'),
    ]);
  });

  it('passes over comments, other fields and a byte order mark', async () => {
    expect(await read('\uFEFF: OPENROUTER PROCESSING\n\nid: 1\nretry: 10\ndata: x\n:\nfoo: bar\n\n')).toEqual([
      message('x'),
    ]);
    expect(await read(Buffer.from([0xef, 0xbb]), Buffer.from([0xbf]), 'data: x\n\n')).toEqual([message('x')]);
  });

  it('drops an event that was cut off', async () => {
    expect(await read('data: whole\n\ndata: {"half', '":')).toEqual([message('whole')]);
    expect(await read('data: no blank line\n')).toEqual([]);
  });

  it('takes an empty stream, empty chunks and an event with empty data', async () => {
    expect(await read()).toEqual([]);
    expect(await read('', 'data', '', ':\n', '', '\n')).toEqual([message('')]);
  });

  it('tells an event as soon as its blank line has begun', async () => {
    const told = readServerSentEvents(
      (async function* () {
        yield Buffer.from('data: x\r\n\r');
        await new Promise(() => undefined);
      })(),
      limit,
    );
    expect((await told.next()).value).toEqual(message('x'));
  });

  it('reads the same however the bytes are cut', async () => {
    const text = '\uFEFFevent: größe\r\ndata: 日本語 😀\r\n\r\n: hm\r\rdata: a\ndata: b\n\ndata: é\r\r\ndata: z\r\n\n';
    const whole = await read(text);
    expect(whole).toEqual([{ event: 'größe', data: '日本語 😀' }, message('a\nb'), message('é'), message('z')]);
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(await read(...chunks)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['one long line', [`data: ${'x'.repeat(limit + 1)}\n\n`]],
    ['a line that never ends', ['data: ', ...Array<string>(300).fill('xxxx')]],
    ['many lines', [`${'data: xxxxxxxxx\n'.repeat(120)}\n`]],
    ['a comment that never ends', [':', ...Array<string>(300).fill('xxxx')]],
  ])('stops at its limit when there is %s', async (_name, chunks) => {
    await expect(read(...chunks)).rejects.toMatchObject({
      code: 'response_too_large',
      message: "An event of the provider's stream is over 1000 characters.",
    });
  });

  it('passes on what goes wrong below it, after the events that came before', async () => {
    const events: ServerSentEvent[] = [];
    const broken = (async function* () {
      yield Buffer.from('data: x\n\n');
      throw new Error('reset');
    })();
    const reading = (async () => {
      for await (const event of readServerSentEvents(broken, limit)) events.push(event);
    })();
    await expect(reading).rejects.toThrow('reset');
    expect(events).toEqual([message('x')]);
  });
});
