import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allMetrics } from './catalogue.js';
import { MetricsSettings } from './metrics.settings.js';
import { MetricsUnavailable, startMetrics, type Metrics } from './start-metrics.js';

const settings = (given: Partial<MetricsSettings>) => Object.assign(new MetricsSettings(), given);

async function taken(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await taken();
  server.close();
  await once(server, 'close');
  return port;
}

describe('metrics of a process', () => {
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const running: Metrics[] = [];
  const start = async (given: Partial<MetricsSettings>) => {
    const metrics = await startMetrics('test', settings(given), log);
    running.push(metrics);
    return metrics;
  };
  afterEach(async () => {
    lines.length = 0;
    await Promise.all(running.splice(0).map((metrics) => metrics.stop()));
  });

  it('are served under /metrics on the port of the settings, and nothing else is', async () => {
    const port = await freePort();
    const { url } = await start({ port });
    expect(url).toBe(`http://127.0.0.1:${port}/metrics`);
    const answer = await fetch(String(url));
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    for (const { name, kind } of allMetrics) expect(text).toContain(`# TYPE ${name} ${kind}\n`);
    expect(text).toMatch(/^headrace_build_info\{process="test",version="\d+\.\d+\.\d+",node="v\d+/m);
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(String(url), { method: 'POST' })).status).toBe(405);
    expect(lines).toEqual([`Metrics are served at ${url}`]);
  });

  it('are served on another port each where several processes share a machine', async () => {
    const [one, other] = [await start({}), await start({})];
    expect(one.url).not.toBe(other.url);
    for (const { url } of [one, other]) expect((await fetch(String(url))).status).toBe(200);
  });

  it('stop the start when the port that was chosen is taken, and say what to do', async () => {
    const { server, port } = await taken();
    const error: unknown = await start({ port }).catch((thrown: unknown) => thrown);
    server.close();
    expect(error).toBeInstanceOf(MetricsUnavailable);
    expect(String(error)).toMatch(/Set HEADRACE_METRICS_PORT to a free port, or to 0/);
  });

  it('are not served with port 0', async () => {
    expect((await start({ port: 0 })).url).toBeUndefined();
    expect(lines).toEqual([]);
  });
});
