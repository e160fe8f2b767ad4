import type { JsonObject } from '@headrace/contracts';
import { asNumber, NoInstance } from './instance-context.js';
import type { Random } from './random.js';

/** A number within the limits of a flat schema. Throws `NoInstance` when there is none. */
export function generateNumber(schema: JsonObject, isInteger: boolean, random: Random): number {
  const step = stepOf(schema, isInteger);
  const [low, high] = rangeOf(schema, step ?? 1);
  if (step === undefined) return between(schema, low, high, random);
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
  for (let tries = 0; tries < 20 && first <= last; tries += 1) {
    // Rounding takes off the tail that a decimal step such as 0.1 leaves.
    const value = Number((random.integer(first, last) * step).toPrecision(15));
    if (fits(schema, value) && Number.isInteger(value / step)) return value;
  }
  throw new NoInstance('No number fits the limits of the schema.');
}

/** The distance of the numbers that are allowed; undefined: any. */
function stepOf({ multipleOf }: JsonObject, isInteger: boolean): number | undefined {
  const step = asNumber(multipleOf);
  if (step === undefined || !(step > 0)) return isInteger ? 1 : undefined;
  // For integers and a step such as 2.5 the whole multiples are what is left.
  return isInteger && !Number.isInteger(step) ? wholeMultiple(step) : step;
}

function wholeMultiple(step: number): number {
  for (let factor = 1; factor <= 1_000; factor += 1) if (Number.isInteger(step * factor)) return step * factor;
  throw new NoInstance('No integer is a multiple of what the schema says.');
}

function rangeOf(schema: JsonObject, step: number): [number, number] {
  const low = Math.max(asNumber(schema.minimum) ?? -Infinity, asNumber(schema.exclusiveMinimum) ?? -Infinity);
  const high = Math.min(asNumber(schema.maximum) ?? Infinity, asNumber(schema.exclusiveMaximum) ?? Infinity);
  const width = Math.max(100, step * 10);
  if (low === -Infinity && high === Infinity) return [1, width];
  if (low === -Infinity) return [Math.min(high - width, Math.sign(high)), high];
  return [low, Math.min(high, low + width)];
}

/** A number with two decimals where one fits, else one from the middle. */
function between(schema: JsonObject, low: number, high: number, random: Random): number {
  for (let tries = 0; tries < 10; tries += 1) {
    const exact = low + random.fraction() * (high - low);
    const rounded = Number(exact.toFixed(2));
    if (fits(schema, rounded)) return rounded;
    if (fits(schema, exact)) return exact;
  }
  const middle = low + (high - low) / 2;
  if (fits(schema, middle)) return middle;
  throw new NoInstance('No number fits the limits of the schema.');
}

function fits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject, value: number): boolean {
  return (
    Number.isFinite(value) &&
    value >= (asNumber(minimum) ?? -Infinity) &&
    value <= (asNumber(maximum) ?? Infinity) &&
    value > (asNumber(exclusiveMinimum) ?? -Infinity) &&
    value < (asNumber(exclusiveMaximum) ?? Infinity)
  );
}
