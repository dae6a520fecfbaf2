import { type ClauseGroup, clausesOf } from '../clause.js';
import { expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';

const draft = clausesOf('draft-06');

/** @see IANA OAuth Parameters: Token Endpoint Authentication Methods, Access Token Types */
const REGISTERED = new Set([
  ...['none', 'client_secret_post', 'client_secret_basic', 'client_secret_jwt', 'private_key_jwt'],
  ...['tls_client_auth', 'self_signed_tls_client_auth', 'attest_jwt_client_auth'],
  ...['Bearer', 'DPoP', 'PoP', 'N_A'],
]);

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What the metadata of the authorization server says. */
export const metadata: ClauseGroup = {
  title: 'Metadata',
  clauses: [
    draft.must(1, '§3.1', 'endpoint URL → https', async (target) => {
      const { protocol, hostname } = new URL(await target.endpoint());
      if (protocol !== 'https:' && LOOPBACK.test(hostname)) throw new NotTested('the server runs on loopback');
      expectThat(protocol === 'https:', `the endpoint is ${protocol}`);
    }),
    draft.should(3, '§3.1', 'metadata → names the endpoint', async (target) => {
      const document = await target.metadata();
      const url = document['global_token_revocation_endpoint'];
      expectThat(typeof url === 'string' && URL.canParse(url), 'global_token_revocation_endpoint is missing or no URL');
    }),
    draft.must(18, '§6', 'authentication methods in the metadata → registered names', async (target) => {
      const document = await target.metadata();
      const methods = document['global_token_revocation_endpoint_auth_methods_supported'];
      if (methods === undefined) throw new NotTested('the metadata does not list them; they are optional');
      const others = Array.isArray(methods) ? methods.filter((method) => !REGISTERED.has(String(method))) : [methods];
      expectThat(others.length === 0, `not registered: ${others.join(', ')}`);
    }),
  ],
};
