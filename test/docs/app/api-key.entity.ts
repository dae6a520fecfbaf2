import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class ApiKey {
  @PrimaryColumn()
  ulid!: string;

  @Column()
  ownerId!: string;

  @Column()
  revoked!: boolean;

  @Column({ type: 'datetime', nullable: true })
  revokedAt!: Date | null;
}
