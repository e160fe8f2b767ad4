import { NoInstance, type Budget } from './instance-context.js';
import type { Random } from './random.js';

/** Part of a pattern; writes a text that matches it. */
type Part = (random: Random, spread: number) => string;

const printable = characters(' ', '~');
const digits = characters('0', '9');
const wordCharacters = [...characters('a', 'z'), ...characters('A', 'Z'), ...digits, '_'];
const classes: Readonly<Record<string, readonly string[]>> = {
  d: digits,
  w: wordCharacters,
  s: [' '],
  D: characters('a', 'z'),
  W: ['-', '.', ' '],
  S: wordCharacters,
};
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', 0: '\0' };

/**
 * A text that a regular expression matches, for the part of their language that schemas use: literals, classes,
 * groups, alternatives and quantifiers. `spread` widens open quantifiers. Looking around, back references and
 * Unicode properties are beyond it (`NoInstance`); the result is a proposal that the caller checks.
 */
export function patternText(pattern: string, random: Random, spread: number, budget: Budget): string {
  const parser = new PatternParser(pattern, budget);
  return parser.parse()(random, spread);
}

/** Recursive descent over: alternatives → sequence → quantified atom. */
class PatternParser {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly budget: Budget,
  ) {}

  parse(): Part {
    const part = this.alternatives();
    if (this.at < this.source.length) throw beyond(this.source);
    return part;
  }

  private alternatives(): Part {
    const choices = [this.sequence()];
    while (this.take('|')) choices.push(this.sequence());
    return (random, spread) => random.pick(choices)(random, spread);
  }

  private sequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.source.length && this.peek() !== '|' && this.peek() !== ')') {
      parts.push(this.quantified(this.atom()));
    }
    return (random, spread) => parts.map((part) => part(random, spread)).join('');
  }

  private quantified(part: Part): Part {
    const [least, most] = this.quantifier();
    if (least === 1 && most === 1) return part;
    this.take('?');
    return (random, spread) => {
      const count = random.integer(least, Math.min(most, least + spread));
      this.budget.spend(count);
      return Array.from({ length: count }, () => part(random, spread)).join('');
    };
  }

  private quantifier(): [number, number] {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at));
    if (!counted) return [1, 1];
    this.at += counted[0].length;
    const least = Number(counted[1]);
    if (counted[2] === undefined) return [least, least];
    return [least, counted[3] ? Number(counted[3]) : Infinity];
  }

  private atom(): Part {
    const character = this.next();
    switch (character) {
      case '^':
      case '$':
        return () => '';
      case '.':
        return (random) => random.pick(wordCharacters);
      case '(':
        return this.group();
      case '[':
        return oneOf(this.set(), this.source);
      case '\\':
        return this.escaped();
      default:
        return () => character;
    }
  }

  private group(): Part {
    if (this.take('?') && !this.take(':')) {
      const named = /^<[^=!>][^>]*>/.exec(this.source.slice(this.at));
      if (!named) throw beyond(this.source);
      this.at += named[0].length;
    }
    const part = this.alternatives();
    if (!this.take(')')) throw beyond(this.source);
    return part;
  }

  private escaped(): Part {
    const character = this.next();
    if (character === 'b' || character === 'B') return () => '';
    if (/[pPkcx1-9]/.test(character)) throw beyond(this.source);
    return oneOf(this.escapedCharacters(character), this.source);
  }

  private escapedCharacters(character: string): readonly string[] {
    if (character !== 'u') return classes[character] ?? [controls[character] ?? character];
    const code = /^[0-9a-fA-F]{4}/.exec(this.source.slice(this.at));
    if (!code) throw beyond(this.source);
    this.at += 4;
    return [String.fromCharCode(parseInt(code[0], 16))];
  }

  private set(): readonly string[] {
    const negated = this.take('^');
    const members = new Set<string>();
    while (!this.take(']')) {
      const first = this.setMember();
      const [from] = first;
      if (first.length === 1 && from !== undefined && this.peek() === '-' && this.source[this.at + 1] !== ']') {
        this.at += 1;
        const [to = from] = this.setMember();
        characters(from, to).forEach((character) => members.add(character));
      } else first.forEach((character) => members.add(character));
    }
    return negated ? printable.filter((character) => !members.has(character)) : [...members];
  }

  private setMember(): readonly string[] {
    const character = this.next();
    return character === '\\' ? this.escapedCharacters(this.next()) : [character];
  }

  private peek(): string | undefined {
    return this.source[this.at];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const character = this.peek();
    if (character === undefined) throw beyond(this.source);
    this.at += 1;
    return character;
  }
}

function oneOf(candidates: readonly string[], source: string): Part {
  if (candidates.length === 0) throw beyond(source);
  return (random) => random.pick(candidates);
}

/** All characters from one to another; a range of letters of the whole world is cut at a thousand. */
function characters(from: string, to: string): string[] {
  const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
  const length = Math.min(Math.max(0, last - first + 1), 1_000);
  return Array.from({ length }, (_, index) => String.fromCodePoint(first + index));
}

const beyond = (pattern: string): NoInstance => new NoInstance(`No text can be made up for the pattern ${pattern}.`);
