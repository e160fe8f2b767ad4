/** A value that a condition compares with. */
export type Primitive = string | number | boolean | null;

/** What an operator asks of the value at a path; undefined where there is none. */
export type Test = (value: unknown) => boolean;

interface Operator {
  /** What the operator compares with, to be read after "must be". */
  readonly operand: string;
  /** The test against an operand; undefined when the operand is of another kind. */
  readonly test: (operand: unknown) => Test | undefined;
}

/** Longest list that a value may be looked for in. */
const longestList = 50;

export const isPrimitive = (value: unknown): value is Primitive =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Numbers compare with numbers and texts with texts (dates in ISO 8601, so); anything else is false. */
const ordered = (isInOrder: (value: string | number, operand: string | number) => boolean): Operator => ({
  operand: 'a number or a text',
  test: (operand) =>
    typeof operand === 'number' || typeof operand === 'string'
      ? (value) => typeof value === typeof operand && isInOrder(value as typeof operand, operand)
      : undefined,
});

const equal = (isWanted: boolean): Operator => ({
  operand: 'a text, a number, true, false or null',
  test: (operand) => (isPrimitive(operand) ? (value) => (value === operand) === isWanted : undefined),
});

const oneOf = (isWanted: boolean): Operator => ({
  operand: `a list of 1 to ${longestList} texts, numbers, true, false or null`,
  test: (operand) => {
    if (!Array.isArray(operand) || operand.length === 0 || operand.length > longestList) return undefined;
    const wanted = new Set<unknown>(operand);
    return operand.every(isPrimitive) ? (value) => wanted.has(value) === isWanted : undefined;
  },
});

const text = (holds: (value: string, operand: string) => boolean): Operator => ({
  operand: 'a text',
  test: (operand) =>
    typeof operand === 'string' ? (value) => typeof value === 'string' && holds(value, operand) : undefined,
});

/**
 * Every operator of a payload filter. There is none with a pattern: a stranger's regular expression could stop the
 * planner for everybody.
 */
export const filterOperators: ReadonlyMap<string, Operator> = new Map([
  ['$eq', equal(true)],
  ['$ne', equal(false)],
  ['$gt', ordered((value, operand) => value > operand)],
  ['$gte', ordered((value, operand) => value >= operand)],
  ['$lt', ordered((value, operand) => value < operand)],
  ['$lte', ordered((value, operand) => value <= operand)],
  ['$in', oneOf(true)],
  ['$nin', oneOf(false)],
  [
    '$exists',
    {
      operand: 'true or false',
      test: (operand) => (typeof operand === 'boolean' ? (value) => (value !== undefined) === operand : undefined),
    },
  ],
  [
    '$contains',
    {
      operand: 'a text, a number, true, false or null',
      test: (operand) => (isPrimitive(operand) ? (value) => contains(value, operand) : undefined),
    },
  ],
  ['$startsWith', text((value, operand) => value.startsWith(operand))],
  ['$endsWith', text((value, operand) => value.endsWith(operand))],
]);

/** Whether an array has an entry, or a text a part. */
function contains(value: unknown, operand: Primitive): boolean {
  if (Array.isArray(value)) return value.includes(operand);
  return typeof value === 'string' && typeof operand === 'string' && value.includes(operand);
}
