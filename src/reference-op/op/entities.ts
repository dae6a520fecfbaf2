import { CreateOpUser1 } from '../migrations/1-create-op-user.js';
import { OpUser } from './op-user.entity.js';

/** Entities of the OP, for the `DataSource`. */
export const opEntities = [OpUser];

/** Migrations that create their tables, in order. */
export const opMigrations = [CreateOpUser1];
