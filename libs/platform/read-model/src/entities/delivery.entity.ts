import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'deliveries_pk';

@Entity('deliveries')
@Index('deliveries_page', ['project', 'plannedAt', 'id'])
@Index('deliveries_replay', ['replayOf'], { where: 'replay_of IS NOT NULL' })
@Index('deliveries_open', ['project', 'channel', 'id'], { where: 'ended_at IS NULL' })
export class DeliveryEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  channel: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  id: string;

  @Column('bigint')
  sequence: string;

  @Column('text', { name: 'endpoint_id' })
  endpointId: string;

  @Column('text')
  url: string;

  @Column('text')
  type: string;

  @Column('text')
  status: string;

  @Column('integer', { nullable: true })
  attempts: number | null;

  @Column('integer', { name: 'http_status', nullable: true })
  httpStatus: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column({ type: 'timestamptz', name: 'next_attempt_at', precision: 3, nullable: true })
  nextAttemptAt: Date | null;

  @Column({ type: 'timestamptz', name: 'planned_at', precision: 3, nullable: true })
  plannedAt: Date | null;

  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'replay_of', nullable: true })
  replayOf: string | null;
}
