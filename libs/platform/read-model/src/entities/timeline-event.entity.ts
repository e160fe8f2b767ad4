import { Column, Entity, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'timeline_events_pk';

/**
 * Every event, for the timelines. The key holds the channel as well as the place in the log: should the log ever
 * begin anew, its first events must not pass for those that had the same places before.
 */
@Entity('timeline_events')
export class TimelineEventEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('text', { primaryKeyConstraintName })
  channel: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName })
  sequence: string;

  @Column('text')
  type: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  /** `json`, not `jsonb`: cheaper to write, and it keeps what `jsonb` refuses (\u0000 in a text). */
  @Column('json')
  data: object;
}
