import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { errorBody } from '@headrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIdOf } from '../trace/trace-parent.js';
import { ApiError } from './api.error.js';
import { toApiError } from './to-api-error.js';

/** Turns whatever was thrown into an error answer (CONTRACT section 1). */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const error = toApiError(exception) ?? this.unexpected(exception, http.getRequest<FastifyRequest>());
    if (reply.sent) return;
    sendError(reply, error);
  }

  private unexpected(exception: unknown, request: FastifyRequest): ApiError {
    const traceId = traceIdOf(request.headers.traceparent);
    const { id, method, routeOptions } = request;
    this.logger.error(
      { err: exception, trace_id: traceId, request_id: id, method, route: routeOptions.url },
      'A request failed',
    );
    return new ApiError('internal_error', `Something failed on our side. The log tells more under trace ${traceId}.`);
  }
}

/** Sends an error answer. Also for errors that Fastify finds before it knows a route. */
export function sendError(reply: FastifyReply, error: ApiError): void {
  void reply
    .code(error.status)
    .headers(error.headers)
    .type('application/json; charset=utf-8')
    .send(errorBody(error.code, error.message, error.details));
}
