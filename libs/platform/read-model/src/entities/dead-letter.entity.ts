import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('dead_letters')
@Index('dead_letters_page', ['project', 'endedAt', 'id'])
@Index('dead_letters_endpoint', ['project', 'endpointId', 'endedAt', 'id'])
@Index('dead_letters_type', ['project', 'type', 'endedAt', 'id'])
@Index('dead_letters_status', ['project', 'httpStatus', 'endedAt', 'id'])
@Index('dead_letters_error', ['project', 'errorCode', 'endedAt', 'id'])
@Index('dead_letters_channel', ['project', 'channel'])
@Index('dead_letters_age', ['endedAt'])
export class DeadLetterEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'dead_letters_pk' })
  id: string;

  @Column('text', { name: 'project_id' })
  project: string;

  @Column('text')
  channel: string;

  @Column('bigint')
  sequence: string;

  @Column('text', { name: 'endpoint_id' })
  endpointId: string;

  @Column('text')
  url: string;

  @Column('text')
  type: string;

  @Column('integer', { name: 'http_status', nullable: true })
  httpStatus: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3 })
  endedAt: Date;
}
