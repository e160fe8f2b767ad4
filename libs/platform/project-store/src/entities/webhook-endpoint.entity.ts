import type { RetrySetting, WebhookType } from '@headrace/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { ProjectEntity } from './project.entity.js';
import { WebhookSecretEntity } from './webhook-secret.entity.js';

@Entity('webhook_endpoints')
@Index('webhook_endpoints_page', ['projectId', 'createdAt', 'id'])
export class WebhookEndpointEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_endpoints_pk' })
  id: string;

  @Column('uuid', { name: 'project_id' })
  projectId: string;

  @ManyToOne(() => ProjectEntity, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'webhook_endpoints_project_fk' })
  project?: Relation<ProjectEntity>;

  @Column('text')
  url: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Null: every type that tells of a request. */
  @Column('text', { array: true, nullable: true })
  events: WebhookType[] | null;

  /** Names of the workflows it wants; null: all. */
  @Column('text', { array: true, nullable: true })
  workflows: string[] | null;

  /** Event names it wants; null: all. */
  @Column('text', { name: 'event_names', array: true, nullable: true })
  eventNames: string[] | null;

  /** Conditions on the body; null: none. */
  @Column('json', { name: 'payload_filter', nullable: true })
  payloadFilter: object | null;

  /** Sealed JSON of its own headers, which may hold credentials; null: none. */
  @Column('text', { nullable: true })
  headers: string | null;

  /** Null: as the project says. */
  @Column('json', { nullable: true })
  retry: RetrySetting | null;

  @Column('integer', { name: 'max_in_flight', nullable: true })
  maxInFlight: number | null;

  @Column('real', { name: 'rate_limit_per_second', nullable: true })
  rateLimitPerSecond: number | null;

  @Column('text', { name: 'fifo_key', nullable: true })
  fifoKey: string | null;

  @Column('boolean')
  active: boolean;

  /** Since when its owner holds it back; null: it is not. */
  @Column({ type: 'timestamptz', name: 'paused_at', precision: 3, nullable: true })
  pausedAt: Date | null;

  /** Since when every attempt has failed; null while the last one did not. */
  @Column({ type: 'timestamptz', name: 'failing_since', precision: 3, nullable: true })
  failingSince: Date | null;

  /** Why the system itself switched it off; null when it did not. */
  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason: string | null;

  @OneToMany(() => WebhookSecretEntity, (secret) => secret.endpoint)
  secrets?: Relation<WebhookSecretEntity>[];

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt: Date;
}
