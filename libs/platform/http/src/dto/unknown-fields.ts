import { validateSync, type ValidationError } from 'class-validator';

/**
 * Paths of the fields that the DTO's classes do not know (`retry.max`, `fallbacks.0.timeout`); those of free JSON are
 * none. They are no errors (CONTRACT section 1), but whoever wrote them may think that they do something.
 */
export function unknownFields(dto: object): string[] {
  const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  return errors.flatMap((error) => unknownIn(error, ''));
}

function unknownIn({ property, constraints = {}, children = [] }: ValidationError, parent: string): string[] {
  const path = `${parent}${property}`;
  return [
    ...('whitelistValidation' in constraints ? [path] : []),
    ...children.flatMap((child) => unknownIn(child, `${path}.`)),
  ];
}
