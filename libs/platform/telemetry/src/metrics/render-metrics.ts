import type { Counter, Gauge, Histogram, Sample } from './instruments.js';

/** Any instrument. */
export type AnyInstrument = Counter | Gauge | Histogram;

/** What the text format calls itself. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** All instruments in Prometheus' text exposition format. */
export function renderMetrics(instruments: readonly AnyInstrument[]): string {
  const lines: string[] = [];
  for (const instrument of instruments) {
    const { name, help, kind } = instrument;
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`);
    for (const sample of instrument.samples()) lines.push(lineOf(name, sample));
  }
  return `${lines.join('\n')}\n`;
}

function lineOf(name: string, { suffix, labels, value }: Sample): string {
  const pairs = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`).join(',');
  return `${name}${suffix}${pairs === '' ? '' : `{${pairs}}`} ${value}`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');
