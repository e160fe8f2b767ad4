import { Column, Entity, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'spend_pk';

/** What generations cost that a project, with one of its keys, had on a day in UTC. */
@Entity('spend')
export class SpendEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName })
  project: string;

  @PrimaryColumn('date', { primaryKeyConstraintName })
  day: string;

  /** Empty for requests from before the key was noted. */
  @PrimaryColumn('text', { name: 'key_id', primaryKeyConstraintName })
  keyId: string;

  @Column('double precision')
  usd: number;

  @Column('bigint')
  generations: string;
}
