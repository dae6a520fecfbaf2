import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class WebSession {
  @PrimaryColumn()
  id!: string;

  @Column()
  userId!: string;

  @Column('datetime', { precision: 3 })
  createdAt!: Date;
}
