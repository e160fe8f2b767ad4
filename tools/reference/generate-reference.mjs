/**
 * Writes docs/reference from the declarations in code, so that a page can never say something else.
 * With --check it writes nothing and fails when a page differs: what CI runs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue, consumers, errorCatalogue, eventFilter, streams, timers } from '@headrace/contracts';
import { declaredSettings } from '@headrace/config';
import { platformSettings, postgresSettings } from '@headrace/runtime';
import { allMetrics } from '@headrace/telemetry';
import { HeadraceAppSettings } from '../../apps/headrace/dist/headrace-app.settings.js';
import { allServices } from '../../apps/headrace/dist/all-services.js';

const directory = path.join(import.meta.dirname, '../../docs/reference');
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))];
const code = (text) => `\`${text}\``;
const page = (...lines) => `${lines.flat().join('\n')}\n`;
const isNone = (value) => value === undefined || (Array.isArray(value) && value.length === 0);
const generated = '<!-- Written by `npm run reference`; change the declarations in code instead. -->';

function configurationPage() {
  const groups = [
    ['Every process', platformSettings],
    ['Processes that use Postgres', postgresSettings],
    ...allServices.filter(({ settings }) => settings.length > 0).map(({ name, settings }) => [name, settings]),
    ['All in one process', [HeadraceAppSettings]],
  ];
  const rowsOf = (classes) =>
    classes.flatMap((settings) => {
      const defaults = new settings();
      return declaredSettings(settings).map(({ env, as, property, defaultText, description }) => [
        code(env),
        as ?? 'string',
        defaultText ?? (isNone(defaults[property]) ? 'none' : code(defaults[property])),
        description,
      ]);
    });
  return page(
    '# Configuration',
    '',
    generated,
    '',
    'Settings are environment variables. All of them are checked at the start, and one message names every bad one. An empty variable counts as not set; a variable that starts with `HEADRACE_` and is not listed here is reported as unknown.',
    groups.flatMap(([title, classes]) => [
      '',
      `## ${title}`,
      '',
      ...table(['Variable', 'Type', 'Default', 'Meaning'], rowsOf(classes)),
    ]),
  );
}

function errorsPage() {
  return page(
    '# Errors',
    '',
    generated,
    '',
    'Every error answer is `{"message", "error": {"message", "type", "param", "code", "details"?}}`. `param` names the first offending field, `details` all of them.',
    '',
    table(
      ['Code', 'HTTP', 'Type', 'Meaning'],
      Object.entries(errorCatalogue).map(([name, { status, type, description }]) => [
        code(name),
        status,
        code(type),
        description,
      ]),
    ),
  );
}

function eventsPage() {
  return page(
    '# Events',
    '',
    generated,
    '',
    'Every event of the log: its name, its subject and the schema of its data.',
    catalogue.flatMap((definition) => [
      '',
      `## ${definition.type}`,
      '',
      definition.description,
      '',
      `Subject: ${code(eventFilter(definition))}`,
      '',
      '```json',
      JSON.stringify(definition.schema, null, 2),
      '```',
    ]),
  );
}

function streamsPage() {
  const days = (ms) => (ms === 0 ? 'no limit' : `${ms / 86_400_000} days`);
  return page(
    '# Streams, consumers and timers',
    '',
    generated,
    '',
    '## Streams',
    '',
    table(
      ['Stream', 'Subjects', 'Retention', 'Age', 'Meaning'],
      streams.map(({ name, subjects, retention, maxAgeMs, description }) => [
        code(name),
        subjects.map(code).join(', '),
        retention,
        days(maxAgeMs),
        description,
      ]),
    ),
    '',
    '## Durable consumers',
    '',
    table(
      ['Consumer', 'Stream', 'Filters', 'Ack wait', 'Deliveries', 'Backoff', 'Meaning'],
      consumers.map((consumer) => [
        code(consumer.name),
        code(consumer.stream.name),
        consumer.filterSubjects.map(code).join(', '),
        `${consumer.ackWaitMs / 1000} s`,
        consumer.maxDeliver === -1 ? 'no limit' : consumer.maxDeliver,
        `${consumer.backoffMs.map((ms) => ms / 1000).join(', ')} s`,
        consumer.description,
      ]),
    ),
    '',
    '## Timers',
    '',
    table(
      ['Kind', 'Meaning'],
      timers.map(({ kind, description }) => [code(kind), description]),
    ),
  );
}

function metricsPage() {
  return page(
    '# Metrics',
    '',
    generated,
    '',
    'What every process serves at `GET /metrics` on its metrics port, in Prometheus form. How to scrape it and what to alert on: [the guide](../guides/metrics.md).',
    '',
    table(
      ['Metric', 'Kind', 'Labels', 'Meaning'],
      allMetrics.map(({ name, kind, labels, help }) => [
        code(name),
        kind,
        labels.length === 0 ? 'none' : labels.map(code).join(', '),
        help,
      ]),
    ),
  );
}

const pages = {
  'configuration.md': configurationPage(),
  'errors.md': errorsPage(),
  'events.md': eventsPage(),
  'streams.md': streamsPage(),
  'metrics.md': metricsPage(),
  'README.md': page(
    '# Reference',
    '',
    generated,
    '',
    '- [Configuration](configuration.md)',
    '- [Errors](errors.md)',
    '- [Events](events.md)',
    '- [Streams, consumers and timers](streams.md)',
    '- [Metrics](metrics.md)',
  ),
};

const check = process.argv.includes('--check');
mkdirSync(directory, { recursive: true });
const stale = Object.entries(pages).filter(([name, text]) => {
  const file = path.join(directory, name);
  if (!check) {
    writeFileSync(file, text);
    return false;
  }
  try {
    return readFileSync(file, 'utf8') !== text;
  } catch {
    return true;
  }
});
if (stale.length > 0) {
  process.stderr.write(
    `Out of date in docs/reference: ${stale.map(([name]) => name).join(', ')}. Run "npm run reference".\n`,
  );
  process.exitCode = 1;
}
