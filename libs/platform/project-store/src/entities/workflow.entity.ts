import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import type { Workflow, WorkflowRetry } from '../project-configuration.js';
import { ProjectEntity } from './project.entity.js';
import { StructuredOutputEntity } from './structured-output.entity.js';

@Entity('workflows')
@Unique('workflows_name', ['projectId', 'name'])
@Index('workflows_page', ['projectId', 'createdAt', 'id'])
@Index('workflows_structured_output', ['structuredOutputId'])
export class WorkflowEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'workflows_pk' })
  id: string;

  @Column('uuid', { name: 'project_id' })
  projectId: string;

  @ManyToOne(() => ProjectEntity, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'workflows_project_fk' })
  project?: Relation<ProjectEntity>;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text')
  provider: string;

  @Column('text')
  model: string;

  @Column('json')
  fallbacks: Workflow['fallbacks'];

  @Column('integer', { name: 'timeout_ms' })
  timeoutMs: number;

  @Column('json', { nullable: true })
  retry: WorkflowRetry | null;

  @Column('integer', { name: 'repair_attempts', default: 1 })
  repairAttempts: number;

  @Column('integer', { name: 'max_concurrent', nullable: true })
  maxConcurrent: number | null;

  @Column('text', { default: 'normal' })
  priority: Workflow['priority'];

  @Column('integer', { name: 'expires_after_seconds', nullable: true })
  expiresAfterSeconds: number | null;

  @Column('integer', { name: 'cache_seconds', nullable: true })
  cacheSeconds: number | null;

  @Column('boolean', { nullable: true })
  stream: boolean | null;

  @Column('integer', { name: 'max_tool_rounds', default: 8 })
  maxToolRounds: number;

  @Column('json', { name: 'reminder_seconds', nullable: true })
  reminderSeconds: Workflow['reminderSeconds'];

  @Column('text', { name: 'system_instructions', nullable: true })
  systemInstructions: string | null;

  @Column('uuid', { name: 'structured_output_id', nullable: true })
  structuredOutputId: string | null;

  /** No cascade: a structured output in use cannot be deleted. */
  @ManyToOne(() => StructuredOutputEntity, { nullable: true })
  @JoinColumn({ name: 'structured_output_id', foreignKeyConstraintName: 'workflows_structured_output_fk' })
  structuredOutput?: Relation<StructuredOutputEntity> | null;

  @Column('text', { name: 'cache_fields', array: true })
  cacheFields: string[];

  @Column('text', { name: 'event_name', nullable: true })
  eventName: string | null;

  @Column('integer', { name: 'callback_timeout_seconds' })
  callbackTimeoutSeconds: number;

  @Column('text')
  mode: Workflow['mode'];

  @Column('integer', { name: 'test_delay_ms' })
  testDelayMs: number;

  @Column('boolean', { name: 'offline_fallback' })
  offlineFallback: boolean;

  @Column('json')
  parameters: object;

  /** Number of the latest entry in the history, from 1. */
  @Column('integer')
  version: number;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt: Date;
}
