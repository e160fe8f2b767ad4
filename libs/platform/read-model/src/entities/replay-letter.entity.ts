import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'replay_letters_pk';

@Entity('replay_letters')
@Index('replay_letters_once', ['replayId', 'letterId'], { unique: true })
@Index('replay_letters_open', ['replayId', 'position'], { where: `outcome = 'planned'` })
export class ReplayLetterEntity {
  @PrimaryColumn('text', { name: 'replay_id', primaryKeyConstraintName })
  replayId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName })
  position: number;

  @Column('text', { name: 'letter_id' })
  letterId: string;

  @Column('text')
  channel: string;

  @Column('text', { name: 'endpoint_id' })
  endpointId: string;

  /** Null: not handled yet. `planned`, then `succeeded` or `failed`; or why it was skipped. */
  @Column('text', { nullable: true })
  outcome: string | null;

  @Column('text', { name: 'delivery_id', nullable: true })
  deliveryId: string | null;
}
