import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity()
export class EpochToken {
  @PrimaryColumn('varchar', { length: 64 })
  hash!: string;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;

  @Column('bigint')
  epoch!: string; // of SubjectEpochs
}
