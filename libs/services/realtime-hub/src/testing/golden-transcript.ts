import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line of a replayed section. */
export type TranscriptStep =
  | { readonly kind: 'send'; readonly data: string | Buffer }
  | { readonly kind: 'receive'; readonly data: unknown }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string };

/** A conversation over one WebSocket. */
export interface TranscriptSection {
  readonly name: string;
  /** Path and query of the upgrade. */
  readonly url: string;
  readonly steps: readonly TranscriptStep[];
}

/** What was recorded from a real Phoenix 1.8.12 server. */
export interface GoldenTranscript {
  readonly sections: readonly TranscriptSection[];
  /** Lines outside any section, by the heading they stand under. */
  readonly observations: ReadonlyMap<string, readonly string[]>;
}

/** Reads the recorded transcript beside this file: `->` is the client, `<-` the server. */
export function readGoldenTranscript(): GoldenTranscript {
  const text = readFileSync(join(import.meta.dirname, 'golden-phoenix-1.8.12.txt'), 'utf8');
  const sections: { name: string; url: string; steps: TranscriptStep[] }[] = [];
  const observations = new Map<string, string[]>();
  let chapter = '';
  let section: (typeof sections)[number] | undefined;
  for (const line of text.split('\n')) {
    const heading = /^## (.+?) {2}\((\/.+)\)$/.exec(line);
    if (heading) {
      section = { name: `${chapter}: ${heading[1]}`, url: heading[2] ?? '', steps: [] };
      sections.push(section);
    } else if (line.startsWith('# ')) {
      chapter = line.slice(2);
      section = undefined;
      observations.set(chapter, []);
    } else if (section && /^(->|<-|HTTP client error| {3})/.test(line)) {
      section.steps.push(stepOf(line));
    } else if (line !== '') observations.get(chapter)?.push(line);
  }
  return { sections, observations };
}

function stepOf(line: string): TranscriptStep {
  const [arrow, text] = [line.slice(0, 3), line.slice(3)];
  const close = /^CLOSE (\d+) "(.*)"$/.exec(text);
  if (arrow === '-> ') return { kind: 'send', data: binaryOf(text) ?? text };
  if (arrow === '<- ' && close) return { kind: 'close', code: Number(close[1]), reason: close[2] ?? '' };
  if (arrow === '<- ') return { kind: 'receive', data: binaryOf(text) ?? (JSON.parse(text) as unknown) };
  return { kind: 'note', text: line.trim() };
}

const binaryOf = (text: string): Buffer | undefined =>
  text.startsWith('BIN ') ? Buffer.from(text.slice(4), 'hex') : undefined;
