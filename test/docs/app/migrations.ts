import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';

export const ownMigrations: Array<Type<MigrationInterface>> = [];
