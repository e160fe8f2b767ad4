import { nestedTypes, type DtoClass } from './nested.decorator.js';

/** A DTO with the fields of a JSON object: free JSON stays the very value that was parsed, unknown fields stay. */
export function instantiate<Dto extends object>(type: DtoClass<Dto>, plain: object): Dto {
  const dto = Object.assign(new type(), plain);
  for (const [property, nested] of nestedTypes(type.prototype as object)) {
    const fields = dto as Record<string, unknown>;
    fields[property] = instantiateNested(nested(), fields[property]);
  }
  return dto;
}

function instantiateNested(type: DtoClass, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => instantiateNested(type, entry));
  return typeof value === 'object' && value !== null ? instantiate(type, value) : value;
}
