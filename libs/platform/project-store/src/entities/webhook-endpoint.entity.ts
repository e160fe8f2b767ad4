import type { WebhookType } from '@headrace/contracts';
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

  /** Null: every type. */
  @Column('text', { array: true, nullable: true })
  events: WebhookType[] | null;

  @Column('boolean')
  active: boolean;

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
