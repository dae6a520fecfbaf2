import { identifiers } from '../../src/conformance/clauses/identifiers.js';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { describeClauses } from '../support/conformance.js';
import { alice } from '../support/people.js';
import { overrideUsers } from '../support/users.js';

const [did, uri] = ['did:example:alice', 'https://example.com/people/alice'];

// Two columns of hers stand for those that a host would have.
describeClauses(
  identifiers,
  { override: (builder) => overrideUsers(builder, { did: 'name', uri: 'department' }) },
  async ({ dataSource }) => {
    await dataSource.getRepository(OpUser).update({ id: alice.id }, { name: did, department: uri });
    return {
      alsoKnownAs: [
        { format: 'did', url: did },
        { format: 'uri', uri },
      ],
    };
  },
);
