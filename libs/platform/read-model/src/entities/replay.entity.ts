import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('replays')
@Index('replays_page', ['project', 'createdAt', 'id'])
@Index('replays_due', ['nextAt'], { where: 'finished_at IS NULL OR position < page_end' })
@Index('replays_open', ['settleAt'], { where: 'planned > succeeded + failed' })
@Index('replays_age', ['finishedAt'])
export class ReplayEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'replays_pk' })
  id: string;

  @Column('text', { name: 'project_id' })
  project: string;

  @Column('text')
  status: string;

  @Column('integer')
  total: number;

  /** Of the first letter that has not been handled. */
  @Column('integer', { default: 0 })
  position: number;

  @Column('integer', { default: 0 })
  planned: number;

  @Column('integer', { default: 0 })
  succeeded: number;

  @Column('integer', { default: 0 })
  failed: number;

  /** Letters by reason. */
  @Column('jsonb', { default: {} })
  skipped: Record<string, number>;

  @Column('double precision', { name: 'rate_per_second' })
  ratePerSecond: number;

  @Column('text', { name: 'to_endpoint_id', nullable: true })
  toEndpointId: string | null;

  @Column('boolean', { name: 'include_replayed' })
  includeReplayed: boolean;

  @Column('text', { nullable: true })
  failure: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt: Date | null;

  /** When the rate allows the next page. */
  @Column({ type: 'timestamptz', name: 'next_at', precision: 3 })
  nextAt: Date;

  /** Counts the leases: only the holder of the newest one may record a page. */
  @Column('integer', { default: 0 })
  lease: number;

  /** Null: nobody works at it now. */
  @Column({ type: 'timestamptz', name: 'leased_until', precision: 3, nullable: true })
  leasedUntil: Date | null;

  /** Where the page ends that is being worked at, or was when its process died. */
  @Column('integer', { name: 'page_end', default: 0 })
  pageEnd: number;

  /** Pages in a row that failed for no outage. */
  @Column('integer', { default: 0 })
  mishaps: number;

  /** From where the next look at planned deliveries goes on. */
  @Column('integer', { name: 'settle_position', default: 0 })
  settlePosition: number;

  @Column({ type: 'timestamptz', name: 'settle_at', precision: 3 })
  settleAt: Date;
}
