/**
 * Counters, gauges and histograms of this process. A series is found once and then adding to it costs nanoseconds and
 * allocates nothing: the OpenTelemetry SDK, which serialises the attributes at each call, takes about a microsecond
 * (docs/decisions). Instruments are values of the process, like its clock: whoever has one adds to it.
 */

/** What an instrument says of itself. */
export interface MetricDeclaration<Label extends string = string> {
  /** In Prometheus' convention: base unit last, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
  /** Series at most; what comes beyond is counted under `other`. */
  readonly maxSeries?: number;
  /** Values of a counter's labels that are exposed from the start: a rate begins at a zero that was seen. */
  readonly known?: readonly LabelValues[];
}

/** Values of an instrument's labels, in the order in which they are declared. */
type LabelValues = readonly string[];

/** One line of the exposition: a suffix of the name, further labels, and the value. */
export interface Sample {
  readonly suffix: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** Reads values at the moment in which they are asked for. */
export type Reader = () => number | Iterable<readonly [labels: LabelValues, value: number]>;

const usualMaxSeries = 500;

/** An instrument with all its series. */
export abstract class Instrument<Series> {
  abstract readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  protected readonly series = new Map<string, { readonly values: LabelValues; readonly series: Series }>();
  private readonly maxSeries: number;

  constructor({ name, help, labels = [], maxSeries = usualMaxSeries }: MetricDeclaration) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.maxSeries = maxSeries;
  }

  /** The series with these values of the labels. Keep it where they never change. */
  with(...values: LabelValues): Series {
    const key = values.length === 1 ? String(values[0]) : values.join('\u0001');
    return this.series.get(key)?.series ?? this.add(key, values);
  }

  /** What is exposed at this moment. */
  abstract samples(): Iterable<Sample>;

  protected abstract newSeries(): Series;

  protected labelled(values: LabelValues): Sample['labels'] {
    return this.labels.map((label, index) => [label, values[index] ?? ''] as const);
  }

  private add(key: string, values: LabelValues): Series {
    const isFull = this.labels.length > 0 && this.series.size >= this.maxSeries;
    if (isFull && !values.every((value) => value === 'other')) return this.with(...values.map(() => 'other'));
    const series = this.newSeries();
    this.series.set(key, { values, series });
    return series;
  }
}

/** A number that a counter's or a gauge's series holds. */
export class NumberSeries {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }

  set(value: number): void {
    this.value = value;
  }
}

abstract class NumberInstrument extends Instrument<NumberSeries> {
  private readonly readers = new Set<Reader>();

  /** Lets values be read when they are asked for, beside those of other readers; call what it returns to end it. */
  report(reader: Reader): () => void {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }

  *samples(): Iterable<Sample> {
    const sums = new Map<string, { readonly values: LabelValues; value: number }>();
    const add = (values: LabelValues, value: number): void => {
      const key = values.join('\u0001');
      const sum = sums.get(key);
      if (sum) sum.value += value;
      else sums.set(key, { values, value });
    };
    for (const { values, series } of this.series.values()) add(values, series.value);
    for (const reader of this.readers) {
      const read = reader();
      if (typeof read === 'number') add([], read);
      else for (const [values, value] of read) add(values, value);
    }
    for (const { values, value } of sums.values()) yield { suffix: '', labels: this.labelled(values), value };
  }

  protected newSeries(): NumberSeries {
    return new NumberSeries();
  }
}

/** Something that only grows. */
export class Counter extends NumberInstrument {
  readonly kind = 'counter';

  constructor(declaration: MetricDeclaration) {
    super(declaration);
    const { known = this.labels.length === 0 ? [[]] : [] } = declaration;
    for (const values of known) this.with(...values);
  }
}

/** Something that goes up and down. */
export class Gauge extends NumberInstrument {
  readonly kind = 'gauge';
}

/** Observed values, counted in buckets. */
export class HistogramSeries {
  readonly counts: Float64Array;
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.sum += value;
  }
}

/** How values are spread, mostly durations in seconds. */
export class Histogram extends Instrument<HistogramSeries> {
  readonly kind = 'histogram';

  constructor(
    declaration: MetricDeclaration,
    readonly bounds: readonly number[],
  ) {
    super(declaration);
    if (this.labels.length === 0) this.with();
  }

  *samples(): Iterable<Sample> {
    for (const { values, series } of this.series.values()) {
      const labels = this.labelled(values);
      let count = 0;
      for (const [index, inBucket] of series.counts.entries()) {
        count += inBucket;
        const bound = this.bounds[index];
        const le = bound === undefined ? '+Inf' : String(bound);
        yield { suffix: '_bucket', labels: [...labels, ['le', le]], value: count };
      }
      yield { suffix: '_sum', labels, value: series.sum };
      yield { suffix: '_count', labels, value: count };
    }
  }

  protected newSeries(): HistogramSeries {
    return new HistogramSeries(this.bounds);
  }
}
