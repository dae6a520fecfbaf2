import { GlobalRevocationModule } from '../../../src/module/index.js';
import { User } from './user.entity.js';

export const revocation = GlobalRevocationModule.forRoot({
  issuer: 'https://op.example.com',
  users: { entity: User, subject: 'id' },
});
