import { createContext, Script, type Context } from 'node:vm';

/** A pattern as ajv uses it. */
export interface Pattern {
  test(text: string): boolean;
}

/** More than a sane pattern ever needs, also where the machine is busy: the limit counts time, not work. */
const firstLimitMs = 250;

/** What a pattern gets once it has used up the first limit, so that many texts cannot add up to a standstill. */
const laterLimitMs = 10;

/** What can make a backtracking engine take exponential or high polynomial time. */
const nestedQuantifier = /\)(?:[*+]|\{\d+,)/;
const backReference = /\\[1-9k]/;
const openQuantifier = /(?:[*+]|\{\d+,\})/g;

/**
 * A regular expression of a stranger's schema. One that may backtrack without end runs under a time limit, and a
 * text that it cannot judge in time does not match; the others cost nothing extra.
 * Throws `SyntaxError` when the pattern is none.
 */
export function guardedPattern(source: string): Pattern {
  const expression = compile(source);
  return mayBacktrack(source) ? new LimitedPattern(expression) : expression;
}

/** Schemas are written for other languages too: what the strict dialect refuses may still be a pattern. */
function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}

/** Whether a pattern needs the time limit. */
export function mayBacktrack(source: string): boolean {
  return nestedQuantifier.test(source) || backReference.test(source) || (source.match(openQuantifier)?.length ?? 0) > 2;
}

/** The engine can only be interrupted inside a vm script. */
class LimitedPattern implements Pattern {
  private static readonly script = new Script('expression.test(text)');
  private readonly context: Context;
  private limitMs = firstLimitMs;

  constructor(private readonly expression: RegExp) {
    this.context = createContext({ expression, text: '' });
  }

  test(text: string): boolean {
    this.context.text = text;
    try {
      return LimitedPattern.script.runInContext(this.context, { timeout: this.limitMs }) === true;
    } catch {
      this.limitMs = laterLimitMs;
      return false;
    } finally {
      this.context.text = '';
    }
  }

  toString(): string {
    return String(this.expression);
  }
}
