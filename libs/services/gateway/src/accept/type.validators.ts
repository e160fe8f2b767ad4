import { ValidateBy } from 'class-validator';

const isText = (value: unknown): boolean => typeof value === 'string';

/** A property that is a string or a number. */
export const IsTextOrNumber = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTextOrNumber',
    validator: {
      validate: (value) => isText(value) || typeof value === 'number',
      defaultMessage: () => '$property must be a string or a number',
    },
  });

/** A property that is a string or an object. */
export const IsTextOrObject = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTextOrObject',
    validator: {
      validate: (value) => isText(value) || (typeof value === 'object' && value !== null && !Array.isArray(value)),
      defaultMessage: () => '$property must be a string or an object',
    },
  });
