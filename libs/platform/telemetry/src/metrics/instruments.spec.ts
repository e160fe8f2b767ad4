import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram } from './instruments.js';
import { renderMetrics } from './render-metrics.js';

const help = 'About it.';

describe('instruments', () => {
  it('are exposed with what they mean, their kind and a line for each series', () => {
    const counter = new Counter({ name: 'a_total', help, labels: ['kind'] });
    counter.with('one').add();
    counter.with('one').add(2);
    counter.with('two').add();
    expect(renderMetrics([counter])).toBe(
      '# HELP a_total About it.\n# TYPE a_total counter\na_total{kind="one"} 3\na_total{kind="two"} 1\n',
    );
  });

  it('without labels begin at zero when they count, and with nothing when they measure', () => {
    const text = renderMetrics([new Counter({ name: 'a_total', help }), new Gauge({ name: 'b', help })]);
    expect(text).toContain('\na_total 0\n');
    expect(text).not.toMatch(/^b /m);
  });

  it('count a value on a bound in the bucket of that bound, and each bucket holds those below', () => {
    const histogram = new Histogram({ name: 'h', help }, [1, 2]);
    for (const value of [0.5, 1, 1.5, 2, 7]) histogram.with().observe(value);
    const lines = renderMetrics([histogram]).trim().split('\n').slice(2);
    expect(lines).toEqual([
      'h_bucket{le="1"} 2',
      'h_bucket{le="2"} 4',
      'h_bucket{le="+Inf"} 5',
      'h_sum 12',
      'h_count 5',
    ]);
  });

  it('read what is reported when they are asked, and add up several reports of one series', () => {
    const gauge = new Gauge({ name: 'g', help, labels: ['of'] });
    let value = 1;
    const stop = gauge.report(() => [[['x'], value]]);
    gauge.report(() => [
      [['x'], 10],
      [['y'], 5],
    ]);
    value = 2;
    expect(renderMetrics([gauge])).toMatch(/g\{of="x"\} 12\ng\{of="y"\} 5\n$/);
    stop();
    expect(renderMetrics([gauge])).toMatch(/g\{of="x"\} 10\n/);
  });

  it('keep one series for all that comes beyond their limit', () => {
    const counter = new Counter({ name: 'a_total', help, labels: ['route', 'status'], maxSeries: 2 });
    for (const route of ['/1', '/2', '/3', '/4']) counter.with(route, '200').add();
    expect(renderMetrics([counter]).trim().split('\n').slice(2)).toEqual([
      'a_total{route="/1",status="200"} 1',
      'a_total{route="/2",status="200"} 1',
      'a_total{route="other",status="other"} 2',
    ]);
  });

  it('escape what would end a label or a line', () => {
    const counter = new Counter({ name: 'a_total', help: 'Two\nlines \\', labels: ['text'] });
    counter.with('a "b" \\ \n c').add();
    expect(renderMetrics([counter])).toBe(
      '# HELP a_total Two\\nlines \\\\\n# TYPE a_total counter\na_total{text="a \\"b\\" \\\\ \\n c"} 1\n',
    );
  });
});
