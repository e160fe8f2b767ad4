import { LessThan, LessThanOrEqual, type EntityManager } from 'typeorm';
import { WorkflowVersionEntity } from '../entities/workflow-version.entity.js';
import type { WorkflowEntity } from '../entities/workflow.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import { definitionOf, readDefinition, type WorkflowDefinition } from '../workflow-definition.js';

/** Versions that are kept of a workflow, the newest; their numbers go on and are never used again. */
export const keptVersions = 200;

/** A workflow as it was after one change. */
export interface WorkflowVersion {
  /** From 1, without gaps. */
  readonly number: number;
  readonly definition: WorkflowDefinition;
  /** Who made the change: `key:<id>`, or a part of the system. */
  readonly actor: string;
  /** The version that this one brought back; null for any other change. */
  readonly restoredFrom: number | null;
  readonly changedAt: Date;
}

/** Which versions are wanted: the newest, or those before a number. */
export interface VersionPage {
  readonly limit: number;
  readonly before?: number;
}

/** How a change came about. */
export interface ChangeOrigin {
  readonly actor: string;
  readonly restoredFrom: number | null;
}

/** Writes a workflow's present state into its history, and lets go of the oldest beyond what is kept. */
export async function keepVersion(
  manager: EntityManager,
  workflow: WorkflowEntity,
  origin: ChangeOrigin,
): Promise<void> {
  const { id: workflowId, version: number, updatedAt: changedAt } = workflow;
  const definition = definitionOf(workflow);
  await manager.insert(WorkflowVersionEntity, { workflowId, number, definition, ...origin, changedAt });
  if (number > keptVersions) {
    await manager.delete(WorkflowVersionEntity, { workflowId, number: LessThanOrEqual(number - keptVersions) });
  }
}

/** Versions of a workflow, newest first. */
export async function readVersions(
  manager: EntityManager,
  workflowId: string,
  { limit, before }: VersionPage,
): Promise<WorkflowVersion[]> {
  const where = before === undefined ? { workflowId } : { workflowId, number: LessThan(before) };
  const versions = await manager.find(WorkflowVersionEntity, { where, order: { number: 'DESC' }, take: limit });
  return versions.map(versionOf);
}

/** One version of a workflow. Throws `ChangeRefused` when it was never made or is not kept any more. */
export async function readVersion(
  manager: EntityManager,
  { id, version: newest }: WorkflowEntity,
  number: number,
): Promise<WorkflowVersion> {
  const version = await manager.findOneBy(WorkflowVersionEntity, { workflowId: id, number });
  if (version) return versionOf(version);
  const oldest = Math.max(1, newest - keptVersions + 1);
  throw new ChangeRefused(
    'not_found',
    `There is no version ${number} of this workflow. It has the versions ${oldest} to ${newest}.`,
  );
}

const versionOf = ({ number, definition, actor, restoredFrom, changedAt }: WorkflowVersionEntity): WorkflowVersion => ({
  number,
  definition: readDefinition(definition),
  actor,
  restoredFrom,
  changedAt,
});
