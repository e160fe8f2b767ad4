import { Column, Entity, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'endpoint_summaries_pk';

/** What is known of an endpoint at any time. */
@Entity('endpoint_summaries')
export class EndpointSummaryEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('text', { name: 'endpoint_id', primaryKeyConstraintName })
  endpointId: string;

  /** Deliveries ever planned; less those that ended: how many are open. */
  @Column('bigint')
  planned: string;

  @Column('bigint')
  ended: string;

  @Column({ type: 'timestamptz', name: 'last_success_at', precision: 3, nullable: true })
  lastSuccessAt: Date | null;

  @Column('bigint', { name: 'last_failure_sequence', nullable: true })
  lastFailureSequence: string | null;

  @Column('jsonb', { name: 'last_failure', nullable: true })
  lastFailure: object | null;
}
