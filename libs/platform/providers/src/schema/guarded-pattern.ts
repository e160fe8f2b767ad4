import { createContext, Script, type Context } from 'node:vm';

/** A pattern as ajv uses it. */
export interface Pattern {
  test(text: string): boolean;
}

/** More than a sane pattern ever needs, also where the machine is busy: the limit counts time, not work. */
const firstLimitMs = 250;

/** What a pattern gets once it has used up the first limit, so that many texts cannot add up to a standstill. */
const laterLimitMs = 10;

/** What takes exponential time at any length: a repeated group, and a reference to one. */
const exponential = /\)(?:[*+]|\{\d)|\\[1-9k]/;
const quantifier = /[*+]|\{(\d+),(\d*)\}/g;
/** An optional part, or one of several: each doubles the ways. */
const choice = /(?<!\()\?|\|/g;

/** Steps that hold up nobody: some milliseconds. */
const mostSteps = 10_000_000;

/**
 * A regular expression of a stranger's schema. A text that may take it many steps is judged under a time limit, and one
 * that it cannot judge in time does not match; any other costs nothing extra. Throws `SyntaxError` when the pattern is
 * none.
 */
export function guardedPattern(source: string): Pattern {
  const expression = compile(source);
  return new LimitedPattern(expression, stepsOf(source));
}

/** Schemas are written for other languages too: what the strict dialect refuses may still be a pattern. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}

/** Whether a text of so many characters needs the time limit. */
export const mayTakeLong = (source: string, length: number): boolean => stepsOf(source)(length) > mostSteps;

/**
 * How many steps a pattern may take, at the most and by its looks: it may begin at any character, each open quantifier
 * may end at any, and all of that in each way.
 */
function stepsOf(source: string): (length: number) => number {
  if (exponential.test(source)) return () => Number.POSITIVE_INFINITY;
  const widths = [...source.matchAll(quantifier)].map(([, least, most]) =>
    most === undefined || most === '' ? Number.POSITIVE_INFINITY : Number(most) - Number(least) + 1,
  );
  const ways = 2 ** (source.match(choice)?.length ?? 0);
  return (length) => widths.reduce((steps, width) => steps * Math.min(width, length + 1), ways * (length + 1));
}

/** The engine can only be interrupted inside a vm script. */
class LimitedPattern implements Pattern {
  private static readonly script = new Script('expression.test(text)');
  private context: Context | undefined;
  private limitMs = firstLimitMs;

  /** `steps`: how many a text of some length may take. */
  constructor(
    private readonly expression: RegExp,
    private readonly steps: (length: number) => number,
  ) {}

  test(text: string): boolean {
    return this.steps(text.length) > mostSteps ? this.testInTime(text) : this.expression.test(text);
  }

  toString(): string {
    return String(this.expression);
  }

  private testInTime(text: string): boolean {
    const context = (this.context ??= createContext({ expression: this.expression, text: '' }));
    context.text = text;
    try {
      return LimitedPattern.script.runInContext(context, { timeout: this.limitMs }) === true;
    } catch {
      this.limitMs = laterLimitMs;
      return false;
    } finally {
      context.text = '';
    }
  }
}
