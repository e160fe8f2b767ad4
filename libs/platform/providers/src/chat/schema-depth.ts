import type { JsonObject } from '@headrace/contracts';
import { isDeeperThan } from '../schema-example/json-depth.js';
import { badRequest } from './bad-request.js';

/** More than anybody writes, and less than what a walk through a schema can take. */
const deepest = 100;

/** Guards the walks through schemas that nobody has compiled. Throws `ProviderError` that names the field. */
export function throwIfTooDeep(schema: JsonObject, field: string): void {
  if (isDeeperThan(deepest, schema)) throw badRequest(`${field} is nested more than ${deepest} levels deep.`);
}
