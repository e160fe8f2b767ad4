import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { verifyRequest, verifyWebhook, type VerifyOptions } from './index.js';

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const file = new URL('../../vectors/webhooks.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
const [vector] = vectors.filter(({ name }) => name.startsWith('numbers, escapes'));
if (!vector) throw new Error('The vector is missing.');
const { headers, body, secrets } = vector;
const options: VerifyOptions = { secret: secrets, now: () => new Date('2026-01-01T00:00:00Z') };

/** What the guide says of getting the raw body, where the framework is at hand. */
describe('the raw body of a webhook', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('is had from Fastify by a parser that holds only for the webhooks', async () => {
    const app = fastify();
    closing.push(() => app.close());
    void app.register((scope, _options, registered) => {
      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, raw, done) => done(null, raw));
      scope.post('/webhooks', async (request, reply) => {
        const webhook = verifyWebhook({ body: request.body as Buffer, headers: request.headers }, options);
        return reply.code(200).send({ type: webhook.payload.type });
      });
      registered();
    });
    app.post('/other', async (request) => request.body);
    const sent = { method: 'POST', headers, payload: body } as const;
    expect((await app.inject({ ...sent, url: '/webhooks' })).json()).toEqual({ type: 'task.completed' });
    expect((await app.inject({ ...sent, url: '/other', payload: '{"a":1}' })).json()).toEqual({ a: 1 });
  });

  it('is had from Node itself by putting its pieces together', async () => {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const webhook = verifyWebhook({ body: Buffer.concat(pieces), headers: request.headers }, options);
        response.end(webhook.payload.type);
      });
    }).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(url, { method: 'POST', headers, body })).text()).toBe('task.completed');
  });

  it('is read from a Fetch request, as route handlers get it', async () => {
    const POST = async (request: Request): Promise<Response> =>
      Response.json((await verifyRequest(request, options)).payload.type);
    const answer = await POST(new Request('https://shop.example/webhooks', { method: 'POST', headers, body }));
    expect(await answer.json()).toBe('task.completed');
  });
});
