import type { ModelPrice } from '@headrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The operator's prices as they were after one change. */
@Entity('price_tables')
export class PriceTableEntity {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'price_tables_pk' })
  version: number;

  @Column('json')
  prices: readonly ModelPrice[];

  /** Why they were changed, for people. */
  @Column('text', { nullable: true })
  note: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}
