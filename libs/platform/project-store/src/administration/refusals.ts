import { isUniqueViolation } from '@headrace/postgres';
import { ChangeRefused } from '../project-store.errors.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of anything. */
export const isId = (text: string): boolean => uuid.test(text);

/** The entity that was found, or a refusal that says there is none. */
export function found<Entity>(entity: Entity | null | undefined, what: string, id: string): Entity {
  if (entity) return entity;
  throw new ChangeRefused('not_found', `There is no ${what} "${id}" in this project.`);
}

/** Runs a change; a name that is taken becomes a refusal that names the field. */
export async function refusingDuplicates<Result>(
  change: Promise<Result>,
  param: string,
  message: string,
): Promise<Result> {
  try {
    return await change;
  } catch (error) {
    throw isUniqueViolation(error) ? new ChangeRefused('conflict', message, param) : error;
  }
}

/** `changes` without the properties that are undefined: those are left as they are. */
export function given<Changes extends object>(changes: Changes): Partial<Changes> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}
