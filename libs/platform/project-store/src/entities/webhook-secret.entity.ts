import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { WebhookEndpointEntity } from './webhook-endpoint.entity.js';

/** A signing secret of an endpoint; during a rotation it has several. */
@Entity('webhook_secrets')
@Index('webhook_secrets_endpoint', ['endpointId'])
export class WebhookSecretEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_secrets_pk' })
  id: string;

  @Column('uuid', { name: 'endpoint_id' })
  endpointId: string;

  @ManyToOne(() => WebhookEndpointEntity, (endpoint) => endpoint.secrets, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'endpoint_id', foreignKeyConstraintName: 'webhook_secrets_endpoint_fk' })
  endpoint?: Relation<WebhookEndpointEntity>;

  /** Sealed. */
  @Column('text')
  secret: string;

  /** Null for the current one; until then an older one signs too. */
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true })
  expiresAt: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}
