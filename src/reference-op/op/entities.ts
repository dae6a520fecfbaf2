import { CreateOpUser1 } from '../migrations/1-create-op-user.js';
import { IndexOpUserPhone2 } from '../migrations/2-index-op-user-phone.js';
import { OpUser } from './op-user.entity.js';

/** Entities of the OP, for the `DataSource`. */
export const opEntities = [OpUser];

/** Migrations that make their tables, in order. */
export const opMigrations = [CreateOpUser1, IndexOpUserPhone2];
