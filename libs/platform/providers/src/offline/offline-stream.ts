import type { AnswerDelta, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { timedOut } from '../provider-error.js';
import { disconnected, wait } from './offline-faults.js';

/** How a whole answer is told piece by piece. */
export interface PiecesAsked {
  readonly chunks: number;
  readonly chunkDelayMs: number;
  /** Whether the connection breaks after half of them. */
  readonly breaks: boolean;
  /** When the call began, by `performance.now()`. */
  readonly started: number;
}

/** Tells an answer in pieces. Throws `ProviderError` when it breaks, takes too long or is given up. */
export async function tellPieces(
  answer: ProviderAnswer,
  { chunks, chunkDelayMs, breaks, started }: PiecesAsked,
  { onDelta, signal, timeoutMs }: StreamOptions,
): Promise<ProviderAnswer> {
  const deltas = deltasOf(answer, chunks);
  const told = breaks ? deltas.slice(0, Math.ceil(deltas.length / 2)) : deltas;
  for (const [index, delta] of told.entries()) {
    if (index > 0 && chunkDelayMs > 0) {
      const left = started + timeoutMs - performance.now();
      await wait(Math.max(0, Math.min(chunkDelayMs, left)), signal);
      if (chunkDelayMs >= left) throw timedOut(timeoutMs);
    }
    onDelta(delta);
  }
  if (breaks) throw disconnected();
  return answer;
}

function deltasOf({ content, toolCalls }: ProviderAnswer, chunks: number): AnswerDelta[] {
  const texts = content === null ? [] : piecesOf(content, chunks).map((piece) => ({ content: piece }));
  const calls = toolCalls.flatMap((call, index) => {
    const { name, arguments: text } = call.function as { name: string; arguments: string };
    const head = { index, id: call.id ?? null, type: 'function', function: { name, arguments: '' } };
    const pieces = piecesOf(text, chunks).map((piece) => ({ index, function: { arguments: piece } }));
    return [head, ...pieces].map((piece) => ({ toolCalls: [piece] }));
  });
  return [...texts, ...calls];
}

/** So many pieces, cut between words where there are enough of them, else between characters. */
export function piecesOf(text: string, count: number): string[] {
  const words = text.match(/\S+\s*|^\s+/g) ?? [];
  const units = words.length >= count ? words : [...text];
  const pieces = Math.min(count, units.length);
  return Array.from({ length: pieces }, (_, index) =>
    units
      .slice(Math.floor((index * units.length) / pieces), Math.floor(((index + 1) * units.length) / pieces))
      .join(''),
  );
}
