import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'endpoint_slots_pk';

/** What happened at an endpoint within some minutes, counted by outcome and duration. */
@Entity('endpoint_slots')
@Index('endpoint_slots_age', ['slot'])
export class EndpointSlotEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('text', { name: 'endpoint_id', primaryKeyConstraintName })
  endpointId: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 0, primaryKeyConstraintName })
  slot: Date;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  kind: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  outcome: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName })
  bucket: number;

  @Column('bigint')
  count: string;

  @Column('integer', { name: 'max_ms' })
  maxMs: number;
}
