import type { OpUser } from '../../src/op/op-user.entity.js';

/** A user of the bench, who cannot sign in. */
export const benchUser = (uid: string): OpUser => ({
  id: uid,
  uid,
  email: `${uid}@example.com`,
  phone: '+12065550199',
  name: uid,
  department: 'bench',
  passwordHash: 'cannot sign in',
  demo: 1,
});
