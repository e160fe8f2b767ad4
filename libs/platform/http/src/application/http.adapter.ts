import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api.error.js';
import { sendError } from '../errors/api-exception.filter.js';
import { toApiError } from '../errors/to-api-error.js';
import { shouldUpgrade } from '../upgrade/should-upgrade.js';
import { closeSilentConnections } from './close-silent-connections.js';
import { countRequests } from './count-requests.js';
import type { HttpSettings } from './http.settings.js';
import { parseJsonBody } from './json-body.parser.js';
import { nameRequests, requestIdOf } from './name-requests.js';

/** The Fastify server as our settings want it: JSON bodies only, our error bodies even before a route is known. */
export function createHttpAdapter(settings: HttpSettings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.bodyLimitBytes,
    http: { maxHeaderSize: settings.maxHeaderBytes, shouldUpgradeCallback: shouldUpgrade },
    trustProxy: trustedProxies(settings.trustProxy),
    requestTimeout: settings.requestTimeoutMs,
    genReqId: requestIdOf,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    // Requests that arrive on open connections while we close are still answered, then the connection goes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) =>
      sendError(reply, toApiError(error) ?? new ApiError('invalid_request_error', error.message)),
  });
  adapter.getInstance().removeContentTypeParser('text/plain');
  adapter.useBodyParser('application/json', false, { bodyLimit: settings.bodyLimitBytes }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Error);
    }
  });
  closeAfterLastAnswer(adapter);
  closeSilentConnections(adapter);
  countRequests(adapter);
  nameRequests(adapter);
  return adapter;
}

/**
 * While the server closes, answers in flight tell their clients to let go of the connection; it would be waited for
 * until its keep-alive time is over.
 */
function closeAfterLastAnswer(adapter: FastifyAdapter): void {
  let closing = false;
  adapter
    .getInstance()
    .addHook('preClose', (done) => {
      closing = true;
      done();
    })
    .addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) void reply.header('connection', 'close');
      done();
    });
}

function trustedProxies(proxies: readonly string[]): boolean | string[] {
  if (proxies.length === 0 || proxies[0] === 'false') return false;
  return proxies[0] === 'true' ? true : [...proxies];
}
