import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'requests_pk';

@Entity('requests')
@Index('requests_page', ['project', 'acceptedAt', 'channel'])
@Index('requests_open', ['project', 'channel'], { where: 'ended_at IS NULL' })
export class RequestEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  channel: string;

  @Column('bigint')
  sequence: string;

  @Column('text')
  state: string;

  @Column('text')
  workflow: string;

  @Column('integer', { name: 'workflow_version', nullable: true })
  workflowVersion: number | null;

  @Column('text', { name: 'event_name', nullable: true })
  eventName: string | null;

  @Column('text')
  environment: string;

  @Column('boolean', { name: 'test_mode' })
  testMode: boolean;

  @Column('text', { nullable: true })
  provider: string | null;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('bigint', { name: 'prompt_tokens', nullable: true })
  promptTokens: string | null;

  @Column('bigint', { name: 'completion_tokens', nullable: true })
  completionTokens: string | null;

  @Column('double precision', { name: 'cost_usd', nullable: true })
  costUsd: number | null;

  @Column('bigint', { name: 'duration_ms', nullable: true })
  durationMs: string | null;

  @Column('boolean', { name: 'offline_fallback' })
  offlineFallback: boolean;

  @Column('text', { name: 'failure_code', nullable: true })
  failureCode: string | null;

  @Column('text', { name: 'failure_message', nullable: true })
  failureMessage: string | null;

  @Column('jsonb', { name: 'customer_data' })
  customerData: object;

  @Column({ type: 'timestamptz', name: 'accepted_at', precision: 3 })
  acceptedAt: Date;

  @Column({ type: 'timestamptz', name: 'generated_at', precision: 3, nullable: true })
  generatedAt: Date | null;

  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true })
  endedAt: Date | null;
}
