import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class WebSession {
  @PrimaryColumn()
  id!: string;

  @Column()
  userId!: string;

  @CreateDateColumn()
  createdAt!: Date;
}
