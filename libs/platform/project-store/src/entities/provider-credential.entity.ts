import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { ProjectEntity } from './project.entity.js';

@Entity('provider_credentials')
@Unique('provider_credentials_provider', ['projectId', 'provider'])
@Index('provider_credentials_page', ['projectId', 'createdAt', 'id'])
export class ProviderCredentialEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'provider_credentials_pk' })
  id: string;

  @Column('uuid', { name: 'project_id' })
  projectId: string;

  @ManyToOne(() => ProjectEntity, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'provider_credentials_project_fk' })
  project?: Relation<ProjectEntity>;

  @Column('text')
  provider: string;

  /** Sealed; null for a provider that wants none. */
  @Column('text', { name: 'api_key', nullable: true })
  apiKey: string | null;

  /** What may be shown of the key. */
  @Column('text', { name: 'api_key_hint', nullable: true })
  apiKeyHint: string | null;

  @Column('text', { name: 'base_url', nullable: true })
  baseUrl: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt: Date;
}
