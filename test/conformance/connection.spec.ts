import { exportJWK } from 'jose';
import { connection } from '../../src/conformance/clauses/connection.js';
import { Signer } from '../module/caller/signer.js';
import { describeClauses } from '../support/conformance.js';
import { alice, bob } from '../support/people.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const limits = { tenant: alice.department };
const connections = [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks }, limits }];
const outside = { format: 'email', email: bob.email };

describeClauses(connection, { env: { GTR_CONNECTIONS: JSON.stringify(connections) } }, async () => {
  const { kid, alg } = signer.jwk;
  return { connection: { issuer, key: { ...(await exportJWK(signer.privateKey)), kid, alg }, outside } };
});
