import { identifiers } from '../../../src/conformance/requirements/identifiers.js';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { describeRequirements } from '../../support/conformance.js';
import { alice } from '../../support/people.js';
import { overrideUsers } from '../../support/users.js';

const [did, uri] = ['did:example:alice', 'https://example.com/people/alice'];

// Two columns of hers stand for those that a host would have.
describeRequirements(
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
