import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity()
export class StampedToken {
  @PrimaryColumn('varchar', { length: 64 })
  hash!: string;

  @Index()
  @Column('varchar', { length: 64 })
  userId!: string;

  @Column('bigint')
  stamp!: string; // of SubjectEpochs
}
