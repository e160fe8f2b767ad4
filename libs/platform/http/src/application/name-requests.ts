import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/** What a client or proxy may name a request: harmless in a header and in a log. */
const usableId = /^[\w.:=+/-]{1,128}$/;

/** The id of a request: the one that it came with as `X-Request-Id`, if that is usable, or a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && usableId.test(given) ? given : randomUUID();
}

/** Tells every client the id of its request. A route may set a better one, such as that of the channel. */
export function nameRequests(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
}
