const optionalBodies = new WeakSet<object>();

/** Class decorator: the body that the DTO describes may be left out, which says what `{}` says. */
export const OptionalBody = (): ClassDecorator => (type) => void optionalBodies.add(type);

/** Whether the body that a DTO class describes may be left out. */
export const isOptionalBody = (type: object): boolean => optionalBodies.has(type);
