import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { ProjectEntity } from './project.entity.js';

@Entity('structured_outputs')
@Unique('structured_outputs_name', ['projectId', 'name'])
@Index('structured_outputs_page', ['projectId', 'createdAt', 'id'])
export class StructuredOutputEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'structured_outputs_pk' })
  id: string;

  @Column('uuid', { name: 'project_id' })
  projectId: string;

  @ManyToOne(() => ProjectEntity, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'structured_outputs_project_fk' })
  project?: Relation<ProjectEntity>;

  @Column('text')
  name: string;

  /**
   * `json`, not `jsonb`: the order of properties is the order in which a model writes them.
   * The types of JSON columns are not recursive, which TypeORM's own types could not follow.
   */
  @Column('json')
  schema: object;

  @Column('json', { name: 'sample_data', nullable: true })
  sampleData: object | string | number | boolean | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', precision: 3 })
  updatedAt: Date;
}
