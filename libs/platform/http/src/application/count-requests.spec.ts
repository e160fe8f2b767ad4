import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allMetrics, renderMetrics } from '@headrace/telemetry';
import { waitFor } from '@headrace/testing';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiError } from '../errors/api.error.js';
import { startHttp, type HttpHarness } from '../testing/http.harness.js';

@Controller('things')
class ThingsController {
  @Get(':id')
  show(@Param('id') id: string): { id: string } {
    if (id === 'missing') throw new ApiError('not_found', 'There is no such thing.');
    return { id };
  }
}

/** How many requests a series counted. */
function countOf(method: string, route: string, status: number): number {
  const series = `headrace_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"} `;
  const line = renderMetrics(allMetrics)
    .split('\n')
    .find((text) => text.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
}

describe('metrics of HTTP requests', () => {
  let http: HttpHarness;
  beforeAll(async () => {
    http = await startHttp({ controllers: [ThingsController] });
  });
  afterAll(() => http.close());

  it('have one series for all values of a path, by what was answered', async () => {
    for (const id of ['1', '2', 'missing']) await http.ask('GET', `/things/${id}`);
    // An answer is counted once it is sent, which its reader may be quicker than.
    await waitFor(() => countOf('GET', '/things/:id', 200) === 2 && countOf('GET', '/things/:id', 404) === 1, {
      what: 'all answers are counted',
    });
  });

  it('have one series for all paths that nothing is at', async () => {
    for (const path of ['/nowhere', '/no/where?x=1', '/']) await http.ask('GET', path);
    await waitFor(() => countOf('GET', 'unmatched', 404) === 3, { what: 'all answers are counted' });
  });

  it('are not on the port of the API', async () => {
    expect((await http.ask('GET', '/metrics')).status).toBe(404);
  });
});
