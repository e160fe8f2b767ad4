import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { StoredDefinition } from '../workflow-definition.js';
import { WorkflowEntity } from './workflow.entity.js';

/** A workflow as it was after one change. */
@Entity('workflow_versions')
export class WorkflowVersionEntity {
  @PrimaryColumn('uuid', { name: 'workflow_id', primaryKeyConstraintName: 'workflow_versions_pk' })
  workflowId: string;

  @ManyToOne(() => WorkflowEntity, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'workflow_id', foreignKeyConstraintName: 'workflow_versions_workflow_fk' })
  workflow?: Relation<WorkflowEntity>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'workflow_versions_pk' })
  number: number;

  /** Read it with `readDefinition`. */
  @Column('json')
  definition: StoredDefinition;

  /** Who made the change: `key:<id>`, `admin` or `system`. */
  @Column('text')
  actor: string;

  /** The version whose definition came back with this one; null for any other change. */
  @Column('integer', { name: 'restored_from', nullable: true })
  restoredFrom: number | null;

  @Column({ type: 'timestamptz', name: 'changed_at', precision: 3 })
  changedAt: Date;
}
