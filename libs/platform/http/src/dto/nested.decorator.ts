import 'reflect-metadata';
import { ValidateNested } from 'class-validator';

/** A class whose decorated properties are checked; made without arguments. */
export type DtoClass<Dto extends object = object> = new () => Dto;

const key = Symbol('headrace:nested');

/**
 * Property decorator: the property is one `type` or an array of them, checked like a body of its own.
 * Takes the place of class-transformer's `@Type`: that library walks into free JSON as well and trips over keys
 * such as `constructor`.
 */
export function Nested(type: () => DtoClass): PropertyDecorator {
  return (target, property) => {
    const types = new Map(nestedTypes(target));
    Reflect.defineMetadata(key, types.set(String(property), type), target);
    ValidateNested()(target, property);
  };
}

/** The nested properties of a DTO's prototype. */
export const nestedTypes = (prototype: object): ReadonlyMap<string, () => DtoClass> =>
  (Reflect.getMetadata(key, prototype) as ReadonlyMap<string, () => DtoClass> | undefined) ?? new Map();
