/** Metrics as a scraper reads them: samples by metric, and the kind of each. */
export interface Exposition {
  readonly kinds: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

/** One line that is no comment. */
export interface Sample {
  /** Of the metric: without `_bucket`, `_sum` and `_count`. */
  readonly metric: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([0-9.e+-]+|NaN|[+-]Inf)$/;
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

/** Parses Prometheus' text format, version 0.0.4. Throws on whatever a scraper would refuse, and on doubled series. */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const kinds = new Map<string, string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    if (line.startsWith('#')) {
      const [, what, name = '', rest = ''] = comment.exec(line) ?? [];
      if (!what) throw new Error(`No comment of the format: ${line}`);
      if (what === 'TYPE' && kinds.has(name)) throw new Error(`Two types of ${name}`);
      if (what === 'TYPE') kinds.set(name, rest);
    } else {
      const parsed = sampleOf(line, kinds);
      const series = `${parsed.name} ${JSON.stringify(parsed.labels)}`;
      if (seen.has(series)) throw new Error(`Two values of ${series}`);
      seen.add(series);
      samples.push(parsed);
    }
  }
  return { kinds, samples };
}

function sampleOf(line: string, kinds: ReadonlyMap<string, string>): Sample {
  const [, name = '', labelText = '', value = ''] = sample.exec(line) ?? [];
  if (name === '') throw new Error(`No sample of the format: ${line}`);
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const metric = kinds.get(base) === 'histogram' ? base : name;
  if (!kinds.has(metric)) throw new Error(`A sample before its type: ${line}`);
  return { metric, name, labels: labelsOf(labelText, line), value: Number(value.replace('Inf', 'Infinity')) };
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [whole = '', name = '', value = ''] = label.exec(rest) ?? [];
    if (whole === '' || name in labels) throw new Error(`No labels of the format: ${line}`);
    labels[name] = value;
    rest = rest.slice(whole.length);
  }
  return labels;
}
