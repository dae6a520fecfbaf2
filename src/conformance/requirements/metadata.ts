import { expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';

const draft = requirementsOf('draft-06');

/** @see IANA OAuth Parameters: Token Endpoint Authentication Methods, Access Token Types */
const REGISTERED = new Set([
  ...['none', 'client_secret_post', 'client_secret_basic', 'client_secret_jwt', 'private_key_jwt'],
  ...['tls_client_auth', 'self_signed_tls_client_auth', 'attest_jwt_client_auth'],
  ...['Bearer', 'DPoP', 'PoP', 'N_A'],
]);

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Metadata of the authorization server. */
export const metadata: RequirementGroup = {
  title: 'Metadata',
  requirements: [
    draft.must('3.1 (a)', 'The endpoint URL uses https', async (target) => {
      const { protocol, hostname } = new URL(await target.endpoint());
      if (protocol !== 'https:' && LOOPBACK.test(hostname))
        throw new NotTested('the server runs on a loopback address');
      expectThat(protocol === 'https:', `the scheme of the endpoint is ${protocol}`);
    }),
    draft.should('3.1 (b)', 'The metadata contains global_token_revocation_endpoint', async (target) => {
      const document = await target.metadata();
      const url = document['global_token_revocation_endpoint'];
      expectThat(
        typeof url === 'string' && URL.canParse(url),
        'global_token_revocation_endpoint is missing or not a URL',
      );
    }),
    draft.must(
      '6',
      'The authentication methods in the metadata have registered names',
      async (target) => {
        const document = await target.metadata();
        const methods = document['global_token_revocation_endpoint_auth_methods_supported'];
        if (methods === undefined) throw new NotTested('the metadata does not list authentication methods');
        const others = Array.isArray(methods) ? methods.filter((method) => !REGISTERED.has(String(method))) : [methods];
        expectThat(others.length === 0, `not registered: ${others.join(', ')}`);
      },
      { feature: 'authentication methods in the metadata' },
    ),
  ],
};
