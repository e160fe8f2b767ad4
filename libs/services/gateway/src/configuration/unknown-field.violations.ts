import type { ErrorDetail } from '@headrace/contracts';

/**
 * The members of a value that are none of those that are known. For bodies that replace everything of before: what is
 * spelled wrong there does not only do nothing, it takes away what there was. `path`: of the value, with a dot behind
 * it, or empty.
 */
export const unknownFieldViolations = (value: object, known: readonly string[], path = ''): ErrorDetail[] =>
  Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({ param: `${path}${name}`, message: `${path}${name} is unknown. Known are ${known.join(', ')}.` }));
