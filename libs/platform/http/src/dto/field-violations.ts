import { validateSync, type ValidationError } from 'class-validator';
import type { ErrorDetail } from '@headrace/contracts';

/** A DTO with rules that decorators cannot tell: over several fields, or inside free JSON. */
export interface HasFurtherRules {
  [furtherRules](): readonly ErrorDetail[];
}

/** Name of the method with a DTO's further rules; a symbol, so that no field of a body can take its place. */
export const furtherRules: unique symbol = Symbol('headrace:further-rules');

/** Every way in which a DTO breaks its rules, each under the path of its field (`messages.0.content`). */
export function fieldViolations(dto: object): ErrorDetail[] {
  const details = validateSync(dto, { forbidUnknownValues: false }).flatMap((error) => flatten(error, ''));
  return furtherRules in dto ? [...details, ...(dto as HasFurtherRules)[furtherRules]()] : details;
}

function flatten(error: ValidationError, parent: string): ErrorDetail[] {
  const param = `${parent}${error.property}`;
  const own = Object.values(error.constraints ?? {});
  const nested = (error.children ?? []).flatMap((child) => flatten(child, `${param}.`));
  return own.length > 0 ? [{ param, message: sentence(own, error.property, param) }, ...nested] : nested;
}

/** class-validator's texts begin with the field's bare name; people need its whole path. */
function sentence(constraints: readonly string[], property: string, param: string): string {
  const [first = '', ...more] = constraints.map((text) =>
    text.startsWith(`${property} `) ? text.slice(property.length + 1) : text,
  );
  const subject = constraints[0]?.startsWith(`${property} `) ? `${param} ` : '';
  return `${subject}${[first, ...more].join(' and ')}`.replace(/\.?$/, '.');
}
