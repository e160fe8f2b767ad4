import { afterEach, describe, expect, it } from '@jest/globals';
import { anOutbound, aRequest, closeAll, failureOf, rawReceiver, receiver } from '../testing/outbound.fixtures.js';

afterEach(closeAll);

async function read(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a streamed request', () => {
  const streamTimeouts = { connectMs: 500, firstByteMs: 1_000, totalMs: 2_000, idleMs: 1_000 };

  it('hands out chunks as they come', async () => {
    const release = Promise.withResolvers<void>();
    const base = await receiver((_, response) => {
      response.write('one');
      void release.promise.then(() => response.end('two'));
    });
    const { status, body } = await anOutbound().requestStream(aRequest(base, { timeouts: streamTimeouts }));
    const chunks: string[] = [];
    for await (const chunk of body) {
      chunks.push(chunk.toString());
      release.resolve();
    }
    expect({ status, chunks }).toEqual({ status: 200, chunks: ['one', 'two'] });
  });

  it('ends the call when the reader leaves', async () => {
    const ended = Promise.withResolvers<void>();
    const base = await receiver((_, response) => {
      response.on('close', ended.resolve);
      response.write('one');
    });
    const { body } = await anOutbound().requestStream(aRequest(base, { timeouts: streamTimeouts }));
    for await (const chunk of body) {
      expect(chunk.toString()).toBe('one');
      break;
    }
    await ended.promise;
  });

  it('fails above its limit', async () => {
    const base = await receiver((_, response) => response.end('x'.repeat(2_000)));
    const { body } = await anOutbound().requestStream(aRequest(base, { timeouts: streamTimeouts }));
    expect(await failureOf(read(body))).toMatchObject({ code: 'response_too_large' });
  });

  it('fails at its deadline, in the body and before it', async () => {
    const base = await receiver((_, response) => response.write('one'));
    const timeouts = { ...streamTimeouts, totalMs: 150 };
    const { body } = await anOutbound().requestStream(aRequest(base, { timeouts }));
    expect(await failureOf(read(body))).toMatchObject({ code: 'timeout' });
    const outbound = anOutbound({}, () => new Promise(() => undefined));
    expect(await failureOf(outbound.requestStream(aRequest('http://slow.test/', { timeouts })))).toMatchObject({
      code: 'timeout',
    });
  });

  it('says when the connection breaks in the body', async () => {
    const base = await rawReceiver('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', (socket) => socket.end());
    const { body } = await anOutbound().requestStream(aRequest(base, { timeouts: streamTimeouts }));
    expect(await failureOf(read(body))).toMatchObject({ code: 'connection_reset' });
  });
});
