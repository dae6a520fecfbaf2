import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { CreateStreams1 } from '../migrations/shared-signals/1-create-streams.js';
import { Stream } from './stream.entity.js';
import { StreamSubject } from './stream-subject.entity.js';

/** Entities of {@link SharedSignalsModule}, for the host's `DataSource`. @publicApi */
export const sharedSignalsEntities: Type[] = [Stream, StreamSubject];

/** Migrations that create the tables of {@link sharedSignalsEntities}. They run after those of the core. @publicApi */
export const sharedSignalsMigrations: Array<Type<MigrationInterface>> = [CreateStreams1];
