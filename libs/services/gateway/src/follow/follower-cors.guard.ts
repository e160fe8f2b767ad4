import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FollowerAccess } from './follower-access.js';

/** Lets pages read every answer, also that their request is not valid: guards come before the query is looked at. */
@Injectable()
export class FollowerCorsGuard implements CanActivate {
  constructor(private readonly access: FollowerAccess) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { origin } = http.getRequest<FastifyRequest>().headers;
    void http.getResponse<FastifyReply>().headers(this.access.corsHeaders(origin));
    return true;
  }
}
