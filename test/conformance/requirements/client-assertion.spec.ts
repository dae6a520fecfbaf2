import { exportJWK } from 'jose';
import { clientAssertion } from '../../../src/conformance/requirements/client-assertion.js';
import { register } from '../../module/caller/clients.js';
import { Signer } from '../../module/caller/signer.js';
import { describeRequirements } from '../../support/conformance.js';

const signer = await Signer.create();

describeRequirements(clientAssertion, {}, async (server) => {
  const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: signer.jwks };
  await register(server, 'signer', null, { metadata });
  const { kid, alg } = signer.jwk;
  return { assertion_caller: { client_id: 'signer', key: { ...(await exportJWK(signer.privateKey)), kid, alg } } };
});
