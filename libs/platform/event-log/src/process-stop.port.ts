/**
 * Injection token of an `AbortSignal`: the process begins to end. It is told before anything is waited for or closed, so
 * whoever holds work back may hand it over while all ports are open.
 */
export const PROCESS_STOP = Symbol('ProcessStop');
