import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Module, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import fastify, { type FastifyRequest } from 'fastify';
import { verifyRequest, type NodeRequest, type VerifyOptions } from './index.js';

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const file = new URL('../../vectors/webhooks.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
const named = (beginning: string): Vector => {
  const vector = vectors.find(({ name }) => name.startsWith(beginning));
  if (!vector) throw new Error(`There is no vector "${beginning}".`);
  return vector;
};
/** Other bytes once it was parsed and written again. */
const { headers, body, secrets } = named('numbers, escapes');
/** Fastify's own parser takes it too. */
const plain = named('task.completed');
const options: VerifyOptions = { secret: secrets, now: () => new Date('2026-01-01T00:00:00Z') };

@Controller('webhooks')
class WebhooksController {
  @Post()
  @HttpCode(200)
  async receive(@Req() request: RawBodyRequest<FastifyRequest>): Promise<object> {
    return { type: (await verifyRequest(request, options)).payload.type };
  }
}

@Module({ controllers: [WebhooksController] })
class ShopModule {}

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
        const webhook = await verifyRequest(request, options);
        return reply.code(200).send({ type: webhook.payload.type });
      });
      registered();
    });
    app.post('/other', async (request) => request.body);
    app.post('/parsed', async (request) =>
      String(await verifyRequest(request, options).catch((error: unknown) => error)),
    );
    const sent = { method: 'POST', headers, payload: body } as const;
    expect((await app.inject({ ...sent, url: '/webhooks' })).json()).toEqual({ type: 'task.completed' });
    expect((await app.inject({ ...sent, url: '/other', payload: '{"a":1}' })).json()).toEqual({ a: 1 });
    expect((await app.inject({ ...sent, url: '/parsed', payload: plain.body })).body).toContain('ConfigurationError');
  });

  it('is had from NestJS by rawBody', async () => {
    const settings = { rawBody: true, logger: false } as const;
    const app = await NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), settings);
    closing.push(() => app.close());
    await app.init();
    const sent = { method: 'POST', headers: plain.headers, payload: plain.body, url: '/webhooks' } as const;
    expect((await app.inject(sent)).json()).toEqual({ type: 'task.completed' });
    expect((await app.inject({ ...sent, payload: `${plain.body} ` })).statusCode).toBe(500);
  });

  describe('from Node itself', () => {
    async function answerOf(respond: (request: IncomingMessage) => Promise<string>, sent: string = body) {
      const server = createServer((request, response) => {
        const answer = respond(request).catch((error: unknown) => String(error));
        void answer.then((text) => response.end(text));
      }).listen(0, '127.0.0.1');
      closing.push(() => server.close());
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return (await fetch(url, { method: 'POST', headers, body: sent })).text();
    }
    const typeOf = async (request: NodeRequest) => (await verifyRequest(request, options)).payload.type;
    const bytesOf = async (request: IncomingMessage) => Buffer.concat(await request.toArray());

    it('is read when nothing has read it, and only then', async () => {
      expect(await answerOf(typeOf)).toBe('task.completed');
      expect(await answerOf(typeOf, `${body} `)).toContain('No signature fits');
      const late = async (request: IncomingMessage) => typeOf(Object.assign(request, { used: await bytesOf(request) }));
      expect(await answerOf(late)).toContain('parsed before');
    });

    it('is what express.raw() leaves in body, and not what express.json() does', async () => {
      const raw = async (request: IncomingMessage) => typeOf(Object.assign(request, { body: await bytesOf(request) }));
      expect(await answerOf(raw)).toBe('task.completed');
      const json = async (request: IncomingMessage) => {
        const parsed = JSON.parse(String(await bytesOf(request))) as object;
        return typeOf(Object.assign(request, { body: parsed }));
      };
      expect(await answerOf(json)).toContain('parsed before');
    });

    it('is refused when it is larger than a webhook can be, and the sender is answered', async () => {
      expect(await answerOf(typeOf, ' '.repeat(33 * 1024 * 1024))).toContain('longer than');
    });
  });

  it('is read from a Fetch request, as route handlers get it', async () => {
    const POST = async (request: Request): Promise<Response> =>
      Response.json((await verifyRequest(request, options)).payload.type);
    const answer = await POST(new Request('https://shop.example/webhooks', { method: 'POST', headers, body }));
    expect(await answer.json()).toBe('task.completed');
  });
});
