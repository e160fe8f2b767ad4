import { metrics } from './catalogue.js';

const named = new Set<string>();
let limit = 0;

/** How many endpoints get series of their own from now on. */
export function limitEndpoints(endpoints: number): void {
  limit = endpoints;
  named.clear();
}

/** Counts an attempt at an endpoint, where the operator asked for that. */
export function countEndpointAttempt(endpointId: string, result: 'success' | 'error'): void {
  if (limit === 0) return;
  if (!named.has(endpointId) && named.size < limit) named.add(endpointId);
  metrics.endpointAttempts.with(named.has(endpointId) ? endpointId : 'other', result).add();
}
