import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The issuer that these tables belong to: one row. @publicApi */
@Entity('gtr_issuer')
export class StoredIssuer {
  /** 1. */
  @PrimaryColumn('int')
  id!: number;

  /** The option `issuer` of the first start. */
  @Column('text')
  issuer!: string;
}
