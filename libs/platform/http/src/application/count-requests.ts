import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { metrics } from '@headrace/telemetry';

/** Measures every request until its answer was sent, under the template of its route: paths have no end of values. */
export function countRequests(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onResponse', (request, reply, done) => {
    // Nest answers what no route takes with a wildcard of its own.
    const { url = '*' } = request.routeOptions;
    const route = url.endsWith('*') ? 'unmatched' : url;
    const series = metrics.httpRequestDuration.with(request.method, route, String(reply.statusCode));
    series.observe(reply.elapsedTime / 1_000);
    done();
  });
}
