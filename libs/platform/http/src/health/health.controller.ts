import { Controller, Get, Header, Inject, Logger, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HEALTH_INDICATORS, type HealthIndicator } from './health-indicator.js';

/** A part that does not answer within this is not ready. */
const checkLimitMs = 2_000;

interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly parts: Readonly<Record<string, { readonly ready: boolean; readonly problem?: string }>>;
}

/** What load balancers and orchestrators ask. */
@ApiTags('health')
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Health');
  private stopping = false;

  constructor(@Inject(HEALTH_INDICATORS) private readonly indicators: readonly HealthIndicator[]) {}

  /** The process runs. */
  @Get('live')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the process runs' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** 200 only when requests would really be served; else 503 and which part is not ready. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether requests would be served; 503 names the part that is not ready' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const checked = await Promise.all(
      this.indicators.map(async (part) => [part.name, await this.check(part)] as const),
    );
    const problems = this.stopping ? [...checked, ['process', 'The process is shutting down.'] as const] : checked;
    const parts = problems.map(([name, problem]) => [name, { ready: problem === undefined, problem }] as const);
    const ready = parts.every(([, part]) => part.ready);
    void reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not_ready', parts: Object.fromEntries(parts) };
  }

  /** Not ready from now on: load balancers are to send elsewhere before anything is closed. */
  announceStop(): void {
    this.stopping = true;
  }

  beforeApplicationShutdown(): void {
    this.announceStop();
  }

  private async check(part: HealthIndicator): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`No answer within ${checkLimitMs} ms.`), checkLimitMs);
    });
    try {
      return await Promise.race([part.check(), late]);
    } catch (error) {
      this.logger.warn({ err: error, part: part.name }, 'A health check failed');
      return 'The check failed; see the log.';
    } finally {
      clearTimeout(timer);
    }
  }
}
