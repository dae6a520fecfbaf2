import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  login!: string;

  @Column()
  email!: string;

  @Column()
  phone!: string;

  @Column()
  employeeNumber!: string;

  @Column()
  idpSubject!: string;

  @Column()
  tenantId!: string;

  @CreateDateColumn()
  createdAt!: Date;
}
