import { exportJWK } from 'jose';
import { identityProvider } from '../../../src/conformance/requirements/identity-provider.js';
import { Signer } from '../../module/caller/signer.js';
import { describeRequirements } from '../../support/conformance.js';
import { alice, bob } from '../../support/people.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const restrictions = { tenant: alice.department };
const identityProviders = [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks }, restrictions }];
const outside = { format: 'email', email: bob.email };

describeRequirements(
  identityProvider,
  { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } },
  async () => {
    const { kid, alg } = signer.jwk;
    return { identity_provider: { issuer, key: { ...(await exportJWK(signer.privateKey)), kid, alg }, outside } };
  },
);
