import { describe, expect, it } from '@jest/globals';
import { allMetrics } from './catalogue.js';
import { countEndpointAttempt, limitEndpoints } from './endpoint-series.js';
import { renderMetrics } from './render-metrics.js';

describe('the catalogue of metrics', () => {
  it('names no metric twice', () => {
    expect(new Set(allMetrics.map(({ name }) => name)).size).toBe(allMetrics.length);
  });

  it.each(allMetrics.map((metric) => [metric.name, metric] as const))(
    'declares %s as Prometheus has it',
    (name, metric) => {
      expect(name).toMatch(/^(headrace|process|nodejs|gen_ai)_[a-z0-9_]+$/);
      expect(name.endsWith('_total')).toBe(metric.kind === 'counter');
      if (metric.kind === 'histogram') {
        expect(name).toMatch(/_seconds$|_token_usage$/);
        expect(metric.bounds).toEqual(metric.bounds.toSorted((one, other) => one - other));
      }
      expect(metric.help).toMatch(/\.$/);
      for (const label of metric.labels) expect(label).toMatch(/^[a-z_]+$/);
      expect(metric.labels).not.toContain('le');
    },
  );

  it('has series of single endpoints only as far as the operator wants them', () => {
    countEndpointAttempt('none', 'success');
    limitEndpoints(1);
    for (const endpoint of ['first', 'second', 'third', 'first']) countEndpointAttempt(endpoint, 'error');
    limitEndpoints(0);
    const lines = renderMetrics(allMetrics)
      .split('\n')
      .filter((line) => line.startsWith('headrace_endpoint_attempts'));
    expect(lines).toEqual([
      'headrace_endpoint_attempts_total{endpoint_id="first",result="error"} 2',
      'headrace_endpoint_attempts_total{endpoint_id="other",result="error"} 2',
    ]);
  });
});
