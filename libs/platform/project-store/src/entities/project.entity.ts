import type { Budget, RateLimits, RetrySetting } from '@headrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('projects')
export class ProjectEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'projects_pk' })
  id: string;

  @Column('text')
  name: string;

  /** An inactive project's keys answer 403. */
  @Column('boolean')
  active: boolean;

  /** Sealed. Signs webhooks to URLs that no endpoint is registered for. */
  @Column('text', { name: 'signing_secret' })
  signingSecret: string;

  @Column('boolean', { name: 'public_reconnect' })
  publicReconnect: boolean;

  /** Retry policy of endpoints that have none; null: the documented schedule. */
  @Column('json', { nullable: true })
  retry: RetrySetting | null;

  /** Null: none. */
  @Column('json', { name: 'rate_limits', nullable: true })
  rateLimits: RateLimits | null;

  /** Null: none. */
  @Column('json', { nullable: true })
  budgets: readonly Budget[] | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt: Date;
}
